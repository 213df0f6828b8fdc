import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Value } from "../edit";
import type { Fact } from "../facts.gen";
import { country, day, money } from "../format";
import { fieldName, maybe, t, word } from "../i18n";
import type { Merged } from "../merged";
import type { Wrong } from "../wrong";
import { Control } from "./control";
import { Button, Field } from "./parts";

interface Props {
  kind: string;
  field: string;
  fact: Fact;
  merged: Merged;
  wrong?: Wrong | undefined;
  first?: boolean;
  /** What it is entered with, where that is not what its type says; and how its value reads. */
  control?: (props: { id: string }) => ComponentChildren;
  words?: (value: Value) => string;
}

/** MergedField is a control that says what somebody else has made of its field meanwhile. */
export function MergedField({ kind, field, fact, merged: m, wrong, first = false, control, words }: Props) {
  const label = fieldName(kind, field);
  const box = useRef<HTMLDivElement>(null);
  const state = m.stands(field);
  const settle = (value: Value) => {
    m.settle(field, value);
    // The buttons go away; who pressed one goes on at the field.
    queueMicrotask(() => box.current?.closest("[data-field]")?.querySelector<HTMLElement>("input, select, textarea")?.focus());
  };
  const read = words ?? ((v: Value) => inWords(fact, v));
  return (
    <Field name={field} label={label} inline={fact.type === "bool"} required={fact.required} hint={maybe(`hint.${kind}.${field}`, "") || undefined} error={wrong}>
      {(p) => (
        <>
          {control ? control(p) : <Control {...p} fact={fact} label={label} first={first} value={m.shown(field)} onChange={(v) => m.set(field, v)} />}
          {state === "theirs" && <p class="taken">{t("clash.taken")}</p>}
          {state === "clash" && (
            <div class="clash" ref={box} role="group" aria-label={t("clash.field", { field: label })}>
              <p>{t("clash.text", { value: read(m.now(field)) || t("clash.empty") })}</p>
              <Button onClick={() => settle(m.now(field))}>{t("clash.theirs")}</Button>
              <Button onClick={() => settle(m.shown(field))}>{t("clash.mine")}</Button>
            </div>
          )}
        </>
      )}
    </Field>
  );
}

/** inWords shows what stands in a control as people read it. */
export function inWords(fact: Fact, value: Value): string {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "object" && "amount" in value) return value.amount ? money(value) : "";
  if (typeof value === "object") return value.map((v) => word(fact.name ?? "", v)).join(", ");
  if (fact.type === "enum") return word(fact.name ?? "", value);
  if (fact.type === "day") return day(value);
  return fact.country ? country(value) : value;
}
