import { useId, useRef, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import { useDirectory } from "../firms";
import { country } from "../format";
import { t } from "../i18n";
import { bindings, type Binding } from "../keys";
import { Find } from "../operations/shell.gen";
import { navigate } from "../router";
import { useLater } from "../store";
import { Dialog } from "./dialog";
import { Icon, type IconName } from "./icon";
import { Keys } from "./parts";

interface Choice {
  key: string;
  icon: IconName;
  title: string;
  note: string;
  keys?: string;
  run: () => void;
}

/** plain makes words comparable: small letters, no accents. */
const plain = (s: string): string => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Palette finds any record and does any command: Ctrl+K, a few letters, Enter. */
export function Palette({ commands, onClose }: { commands: readonly Binding[]; onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const onPage = useRef(bindings().filter((b) => b.label && !["j", "k", "mod+k", "Escape"].includes(b.keys))).current;
  const choices = useChoices(text.trim(), onPage.length > 0 ? onPage : commands);
  const chosen = Math.min(at, choices.length - 1);
  const run = (c: Choice | undefined) => {
    if (!c) return;
    onClose();
    c.run();
  };
  const pressed = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      setAt((chosen + step + choices.length) % Math.max(choices.length, 1));
      document.getElementById(`${id}-${(chosen + step + choices.length) % Math.max(choices.length, 1)}`)?.scrollIntoView({ block: "nearest" });
    } else if (e.key === "Enter" && !e.isComposing) {
      e.preventDefault();
      run(choices[chosen]);
    }
  };
  return (
    <Dialog title={t("palette.open")} shape="palette" onClose={onClose}>
      <input
        data-focus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={choices.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label={t("palette.label")}
        placeholder={t("palette.label")}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(e) => (setText(e.currentTarget.value), setAt(0))}
        onKeyDown={pressed}
      />
      <ul id={id} role="listbox" aria-label={t("palette.results")}>
        {choices.map((c, i) => (
          <li key={c.key} id={`${id}-${i}`} role="option" aria-selected={i === chosen} onMouseMove={() => setAt(i)} onClick={() => run(c)}>
            <Icon name={c.icon} />
            <span>{c.title}</span>
            <small>{c.note}</small>
            {c.keys && <Keys keys={c.keys} />}
          </li>
        ))}
        {choices.length === 0 && <li class="none">{t("palette.none")}</li>}
      </ul>
    </Dialog>
  );
}

function useChoices(text: string, commands: readonly Binding[]): Choice[] {
  const d = useDirectory();
  const sought = useLater(text, 60);
  const [{ data }] = useQuery({ query: Find, variables: { text: sought }, pause: sought.length < 2 });
  const found: Choice[] = [];
  if (text.length >= 2 && data) {
    for (const c of data.customers?.nodes ?? []) {
      found.push({ key: c.id, icon: "customers", title: c.name ?? "", note: [c.city, country(c.country), c.ownerId === d.own ? "" : d.name(c.ownerId)].filter(Boolean).join(" · "), run: () => navigate("/customers/" + c.id) });
    }
    for (const r of data.dealRegistrations?.nodes ?? []) {
      found.push({ key: r.id, icon: "deals", title: r.name ?? "", note: [r.companyName, r.ownerId === d.own ? "" : d.name(r.ownerId)].filter(Boolean).join(" · "), run: () => navigate("/deals/" + r.id) });
    }
  }
  const words = plain(text);
  if (text.length >= 2) {
    for (const f of d.partners) if (plain(f.name).includes(words)) found.push({ key: f.id, icon: "sharing", title: f.name, note: t("sharing.partner"), run: () => navigate("/partners/" + f.id) });
  }
  const fitting = commands.filter((c) => plain(c.label).includes(words));
  return [...found, ...fitting.map((c): Choice => ({ key: c.keys, icon: "keyboard", title: c.label, note: "", keys: c.keys, run: c.run }))];
}
