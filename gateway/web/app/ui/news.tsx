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
    <button type="button" class="live-badge" onClick={onRead} title={t("live.read")}>
      <i aria-hidden="true" />
      <span>
        {text} · <Time at={change.at} />
      </span>
      <Icon name="close" size={12} />
    </button>
  );
}

function sentence(change: Change, name: (id: string | null) => string): string {
  const kind = kindOf(change.id);
  const values = { firm: name(change.byFirmId), what: word("Kind", kind) };
  if (change.operation === "DELETE") return t("live.delete", values);
  if (change.operation === "CREATE") return t("live.create", values);
  const fields = change.changedFields.slice(0, 3).map((f) => fieldName(kind, f));
  return fields.length > 0 ? t("live.fields", { ...values, fields: list(fields) }) : t("live.update", values);
}
