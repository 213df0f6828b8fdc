import { useEffect } from "preact/hooks";
import { useDirectory } from "../firms";
import { list } from "../format";
import { fieldName, t, word } from "../i18n";
import { kindOf } from "../ids";
import type { Change } from "../live";
import { announce } from "./live";
import { Icon } from "./icon";
import { Time } from "./parts";

/**
 * NewsBadge says that another firm has just changed what is on screen: who,
 * what, and when. It stays until it is read.
 */
export function NewsBadge({ change, onRead }: { change: Change | null; onRead: () => void }) {
  const d = useDirectory();
  const text = change ? sentence(change, d.name) : "";
  useEffect(() => {
    if (text) announce(text);
  }, [change]);
  if (!change) return null;
  return (
    <button type="button" class="live-badge" onClick={() => (onRead(), goTo(change.id))} title={t("live.show")}>
      <i aria-hidden="true" />
      <span>
        {text} · <Time at={change.at} />
      </span>
      <Icon name="check" size={12} />
    </button>
  );
}

/** goTo brings what changed into sight and into focus, where it is on the screen. */
export function goTo(id: string): void {
  const at = document.querySelector<HTMLElement>(`main [data-id="${id}"]`);
  if (!at) return;
  if (at.tabIndex < 0 && !at.hasAttribute("tabindex")) at.tabIndex = -1;
  at.scrollIntoView({ block: "center" });
  at.focus({ preventScroll: true });
  at.classList.add("fresh");
  setTimeout(() => at.classList.remove("fresh"), 2500);
}

function sentence(change: Change, name: (id: string | null) => string): string {
  const kind = kindOf(change.id);
  const values = { firm: name(change.byFirmId), what: word("Kind", kind) };
  if (change.operation === "DELETE") return t("live.delete", values);
  if (change.operation === "CREATE") return t("live.create", values);
  const fields = change.changedFields.slice(0, 3).map((f) => fieldName(kind, f));
  return fields.length > 0 ? t("live.fields", { ...values, fields: list(fields) }) : t("live.update", values);
}
