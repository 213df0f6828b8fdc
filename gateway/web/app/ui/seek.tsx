import { useId, useRef, useState } from "preact/hooks";
import { useQuery } from "@urql/preact";
import type { Text } from "../client";
import { t } from "../i18n";
import { CommonNames, SeekCustomer, SeekProduct, SeekUser } from "../operations/seek.gen";
import { useLater } from "../store";
import { Icon } from "./icon";

/** A record that can be chosen. */
interface Hit {
  id: string;
  name: string;
  note: string;
}

type Found = { id: string; name: string | null; city?: string | null; partNumber?: string | null };
type Search = Text<Record<string, { nodes: readonly Found[] } | null>, { text?: string | null }>;

/** The kinds whose records can be searched for in a form. */
const searches = { Customer: SeekCustomer, Product: SeekProduct, User: SeekUser } as unknown as Record<string, Search>;

export const seekable = (kind: string | undefined): boolean => kind !== undefined && kind in searches;

/** nameOf gives the name of a record, whatever it is called there, or nothing for one that has none or is out of sight. */
export const nameOf = (r: object | null): string => String(Object.entries(r ?? {}).find(([field, value]) => field.endsWith("Name") && typeof value === "string")?.[1] ?? "");

interface Props {
  id: string;
  kind: string;
  label: string;
  many: boolean;
  value: readonly string[];
  onChange: (ids: readonly string[]) => void;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

/** Seek chooses records by their names: type a few letters, go down, Enter. What is chosen stands above, each with a way to take it out. */
export function Seek({ id, kind, label, many, value, onChange, ...about }: Props) {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const list = useId();
  const [{ data: named }] = useQuery({ query: CommonNames, variables: { ids: [...value].slice(0, 100) }, pause: value.length === 0 });
  const known = new Map((named?.nodes ?? []).map((h) => [h?.id ?? "", nameOf(h)]));
  const hits = useHits(kind, text, open).filter((h) => !value.includes(h.id));
  const chosen = Math.min(at, hits.length - 1);
  const take = (h: Hit | undefined) => {
    if (!h) return;
    onChange(many ? [...value, h.id] : [h.id]);
    setText("");
    setOpen(false);
    // One alone takes the place of the field; the focus goes to it.
    setTimeout(() => (input.current ?? box.current?.querySelector<HTMLElement>("button"))?.focus());
  };
  const drop = (gone: string) => {
    onChange(value.filter((v) => v !== gone));
    setTimeout(() => input.current?.focus());
  };
  const pressed = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      if (!open) setOpen(true);
      else setAt((chosen + step + hits.length) % Math.max(hits.length, 1));
    } else if (e.key === "Enter" && open && hits.length > 0 && !e.isComposing) {
      e.preventDefault();
      take(hits[chosen]);
    } else if (e.key === "Escape" && open) {
      // The first Escape closes the list, the second the dialog.
      e.preventDefault();
      e.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div class="seek" ref={box}>
      {value.length > 0 && (
        <ul class="chips" aria-label={label}>
          {value.map((v) => (
            <li key={v}>
              <span>{known.get(v) ?? "…"}</span>
              <button type="button" class="quiet square" aria-label={t("seek.remove", { name: known.get(v) ?? "" })} onClick={() => drop(v)}>
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {(many || value.length === 0) && (
        <input
          {...about}
          id={id}
          ref={input}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          aria-expanded={open}
          aria-controls={list}
          aria-activedescendant={open && hits.length > 0 ? `${list}-${chosen}` : undefined}
          placeholder={t("seek.placeholder")}
          value={text}
          onInput={(e) => (setText(e.currentTarget.value), setOpen(true), setAt(0))}
          onFocus={() => setAt(0)}
          onBlur={() => setOpen(false)}
          onKeyDown={pressed}
        />
      )}
      <ul id={list} role="listbox" class="hits" aria-label={label} hidden={!open}>
        {open && hits.map((h, i) => (
          // The pointer must not take the focus from the field before it is let go.
          <li key={h.id} id={`${list}-${i}`} role="option" aria-selected={i === chosen} onMouseDown={(e) => (e.preventDefault(), take(h))}>
            <span>{h.name}</span> <small>{h.note}</small>
          </li>
        ))}
        {open && hits.length === 0 && <li class="none">{t("palette.none")}</li>}
      </ul>
    </div>
  );
}

function useHits(kind: string, text: string, open: boolean): Hit[] {
  const sought = useLater(text.trim(), 60);
  const search = searches[kind];
  if (!search) throw new Error(`no search for ${kind}`);
  const [{ data }] = useQuery({ query: search, variables: { text: sought || null }, pause: !open });
  return (Object.values(data ?? {}).find((page) => page && "nodes" in page)?.nodes ?? []).map((n) => ({ id: n.id, name: n.name ?? "", note: n.city ?? n.partNumber ?? "" }));
}
