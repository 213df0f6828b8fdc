import { blank, type Value } from "../edit";
import type { Fact } from "../facts.gen";
import { t, word } from "../i18n";
import { Country } from "./country";
import { Seek } from "./seek";

interface Props {
  id: string;
  fact: Fact;
  label: string;
  value: Value;
  first?: boolean;
  onChange: (value: Value) => void;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

export const currencies = ["EUR", "PLN", "GBP", "USD", "CHF", "CZK", "SEK", "DKK", "NOK", "RON", "HUF"];

/** Control is what a field of this type is entered with. */
export function Control({ id, fact, label, value, first, onChange, ...about }: Props) {
  const p = { ...about, id, "aria-required": fact.required, "data-focus": first ? "" : undefined };
  const text = typeof value === "string" ? value : "";
  const typed = (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value);
  switch (fact.type) {
    case "long":
    case "texts":
    case "json":
      return <textarea {...p} rows={fact.type === "texts" ? 2 : 4} value={text} onInput={typed} />;
    case "text":
      if (fact.country) return <Country {...p} none={t("choose.none")} value={text} onChange={onChange} />;
      return <input {...p} type="text" value={text} onInput={typed} />;
    case "int":
    case "decimal":
      return <input {...p} type="text" inputMode={fact.type === "int" ? "numeric" : "decimal"} value={text} onInput={typed} />;
    case "day":
      return <input {...p} type="date" value={text} onInput={typed} />;
    case "instant":
      return <input {...p} type="datetime-local" value={text} onInput={typed} />;
    case "bool":
      return <input {...p} aria-required={undefined} type="checkbox" checked={value === true} onChange={(e) => onChange(e.currentTarget.checked)} />;
    case "enum":
      return (
        <select {...p} value={text} onChange={typed}>
          {(!fact.required || text === "") && <option value="">{t("choose.none")}</option>}
          {(fact.of ?? []).map((v) => (
            <option key={v} value={v}>
              {word(fact.name ?? "", v)}
            </option>
          ))}
        </select>
      );
    case "enums":
      return (
        <div class="checks" role="group" aria-label={label}>
          {(fact.of ?? []).map((v) => {
            const list = Array.isArray(value) ? (value as readonly string[]) : [];
            return (
              <label key={v}>
                <input type="checkbox" checked={list.includes(v)} onChange={() => onChange(list.includes(v) ? list.filter((x) => x !== v) : [...list, v])} />
                <span>{word(fact.name ?? "", v)}</span>
              </label>
            );
          })}
        </div>
      );
    case "link":
      return <Seek {...about} id={id} kind={fact.to ?? ""} label={label} many={false} value={text ? [text] : []} onChange={(ids) => onChange(ids[0] ?? "")} />;
    case "links":
      return <Seek {...about} id={id} kind={fact.to ?? ""} label={label} many value={Array.isArray(value) ? value : []} onChange={onChange} />;
    case "money": {
      const m = (typeof value === "object" && "amount" in value ? value : blank(fact)) as { amount: string; currency: string };
      const known = currencies.includes(m.currency) ? currencies : [...currencies, m.currency];
      return (
        <div class="money">
          <input {...p} type="text" inputMode="decimal" value={m.amount} onInput={(e) => onChange({ ...m, amount: e.currentTarget.value })} />
          <select aria-label={t("currency.of", { field: label })} value={m.currency} onChange={(e) => onChange({ ...m, currency: e.currentTarget.value })}>
            {known.map((c) => (
              <option key={c}>{c}</option>
            ))}
          </select>
        </div>
      );
    }
  }
}
