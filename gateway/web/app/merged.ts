import { useRef } from "preact/hooks";
import { useDraft } from "./drafts";
import { blank, shownBy, standing, toControl, toInput, wrongWith, type Standing, type Value, type Values } from "./edit";
import type { Fact } from "./facts.gen";
import { t } from "./i18n";
import { same } from "./same";
import type { Wrong } from "./wrong";
import { ownFirm, type Audience } from "./ui/audience";

/** A record as a screen holds it. */
export interface Held {
  id: string;
  version: number;
}

interface Draft {
  /** What was there when the first thing was changed; null before. */
  base: Values | null;
  here: Values;
  to: Audience;
  key: string;
}

const none: Draft = { base: null, here: {}, to: ownFirm, key: "" };

/** The fields of a form, between what this person types and what others change meanwhile. */
export interface Merged {
  /** What stands in the control of a field. */
  shown: (field: string) => Value;
  /** What is in the record now. */
  now: (field: string) => Value;
  stands: (field: string) => Standing;
  set: (field: string, value: Value) => void;
  /** settle ends a clash: the other's value becomes the one from which this person's is told. */
  settle: (field: string, value: Value) => void;
  clashes: readonly string[];
  touched: boolean;
  /** stated is what the API is told: of a record only what this person changed. */
  stated: () => Record<string, unknown>;
  /** checked gives what is wrong with the controls, in words by field. */
  checked: () => Record<string, Wrong>;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  drop: () => void;
}

/**
 * useMerged holds the fields of a form. What is typed outlives the tab. What
 * somebody else changes meanwhile shows in fields that this person left alone;
 * where both changed a field to different ends, it is a clash to be settled.
 */
export function useMerged(name: string, fields: readonly string[], fact: (field: string) => Fact, record: Held | null | undefined, start: Values = {}): Merged {
  const [draft, change, drop] = useDraft<Draft>(name, none);
  const now = (f: string): Value => (record ? toControl(fact(f), (record as unknown as Record<string, unknown>)[shownBy(f, fact(f))]) : (start[f] ?? first(fact(f))));
  const opened = useRef<Values>(Object.fromEntries(fields.map((f) => [f, now(f)]))).current;
  const base = (f: string): Value => draft.base?.[f] ?? opened[f] ?? blank(fact(f));
  const here = (f: string): Value => draft.here[f] ?? base(f);
  const stands = (f: string): Standing => (record ? standing(base(f), here(f), now(f)) : same(here(f), base(f)) ? "untouched" : "mine");
  const shown = (f: string): Value => (stands(f) === "theirs" ? now(f) : here(f));
  return {
    now, shown, stands, draft, change, drop,
    set: (f, value) => change({ base: draft.base ?? opened, here: { ...draft.here, [f]: value } }),
    settle: (f, value) => change({ base: { ...(draft.base ?? opened), [f]: now(f) }, here: { ...draft.here, [f]: value } }),
    clashes: fields.filter((f) => stands(f) === "clash"),
    touched: fields.some((f) => stands(f) === "mine" || stands(f) === "clash"),
    stated: () => Object.fromEntries(fields.filter((f) => (record ? stands(f) === "mine" : toInput(fact(f), shown(f)) !== null)).map((f) => [f, toInput(fact(f), shown(f))])),
    checked: () => {
      const wrong: Record<string, Wrong> = {};
      for (const f of fields) {
        const bad = wrongWith(fact(f), shown(f));
        // What was missing before this person came is not this person's fault.
        if (bad && (bad !== "required" || !record || stands(f) !== "untouched")) wrong[f] = { text: t(`wrong.${bad}`, { max: fact(f).max ?? 0 }) };
      }
      return wrong;
    },
  };
}

/** first is what stands in a control before anybody touched it: a choice that must be made has its first value. */
const first = (fact: Fact): Value => (fact.type === "enum" && fact.required ? (fact.of?.[0] ?? "") : blank(fact));
