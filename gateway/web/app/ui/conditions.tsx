import { useId } from "preact/hooks";
import type { Value } from "../edit";
import { facts, type Fact } from "../facts.gen";
import { fieldName, t, type Key } from "../i18n";
import { readConditions, writeConditions, type Condition, type Conditions } from "../terms";
import { Control } from "./control";
import { Countries } from "./country";
import { Icon } from "./icon";
import { Button } from "./parts";
import { seekable } from "./seek";

/** opsOf lists the comparisons that make sense for a field. */
function opsOf(fact: Fact): string[] {
  switch (fact.type) {
    case "enum":
      return ["in", "isNull"];
    case "text":
      return ["in", "startsWith", "isNull"];
    case "link":
      return ["eq", "isNull"];
    case "int":
    case "decimal":
    case "day":
    case "instant":
      return ["gte", "lte", "isNull"];
    case "texts":
    case "enums":
      return ["has"];
    default:
      return ["eq"];
  }
}

/** chooserFields lists the fields by which the records of a kind can be chosen. */
export const chooserFields = (kind: string): string[] =>
  Object.entries(facts[kind]?.fields ?? {})
    .filter(([, f]) => f.filter && f.type !== "long" && f.type !== "json" && f.type !== "money" && (f.type !== "link" || seekable(f.to)))
    .map(([name]) => name);

interface Props {
  kind: string;
  filter: unknown;
  onChange: (filter: unknown) => void;
}

/** Conditions chooses records by their fields. A filter that was written by a program and is more than that is shown, and left alone. */
export function ConditionsEditor({ kind, filter, onChange }: Props) {
  const read = readConditions(filter);
  const name = useId();
  if (!read) return <pre class="complex">{JSON.stringify(filter, null, 2)}</pre>;
  const fields = chooserFields(kind);
  // A condition without a value yet is kept, so that there is something to fill in; the filter has none such.
  const put = (next: Conditions) => onChange(next.list.length > 1 ? { [next.any ? "or" : "and"]: next.list } : next.list[0]);
  const rows: readonly Condition[] = read.list.length > 0 ? read.list : [fresh(kind, fields[0] ?? "")];
  const replace = (i: number, c: Condition) => put({ ...read, list: rows.map((x, j) => (j === i ? c : x)) });
  return (
    <div class="conditions">
      {rows.length > 1 && (
        <div class="segments">
          {[false, true].map((any) => (
            <label key={String(any)}>
              <input type="radio" name={name} checked={read.any === any} onChange={() => put({ any, list: rows })} />
              <span>{t(any ? "conditions.any" : "conditions.all")}</span>
            </label>
          ))}
        </div>
      )}
      {rows.map((c, i) => (
        <Row key={i} kind={kind} fields={fields} condition={c} onChange={(x) => replace(i, x)} onRemove={rows.length > 1 ? () => put({ ...read, list: rows.filter((_, j) => j !== i) }) : undefined} />
      ))}
      <Button kind="quiet" icon="plus" onClick={() => put({ ...read, list: [...rows, fresh(kind, fields[0] ?? "")] })}>
        {t("conditions.add")}
      </Button>
    </div>
  );
}

/** finished gives the filter without conditions that say nothing yet. */
export function finished(filter: unknown): unknown {
  const read = readConditions(filter);
  return read ? writeConditions(read) : filter;
}

function fresh(kind: string, field: string): Condition {
  const fact = facts[kind]?.fields[field];
  const op = fact ? (opsOf(fact)[0] ?? "eq") : "eq";
  return { field, op, value: op === "in" ? [] : op === "isNull" || fact?.type === "bool" ? true : "" };
}

interface RowProps {
  kind: string;
  fields: readonly string[];
  condition: Condition;
  onChange: (c: Condition) => void;
  onRemove: (() => void) | undefined;
}

function Row({ kind, fields, condition: c, onChange, onRemove }: RowProps) {
  const id = useId();
  const fact = facts[kind]?.fields[c.field];
  if (!fact) return null;
  const ops = opsOf(fact);
  const label = t("conditions.value");
  return (
    <div class="condition">
      <select aria-label={t("conditions.field")} value={c.field} onChange={(e) => onChange(fresh(kind, e.currentTarget.value))}>
        {(fields.includes(c.field) ? fields : [...fields, c.field]).map((f) => (
          <option key={f} value={f}>
            {fieldName(kind, f)}
          </option>
        ))}
      </select>
      <select aria-label={t("conditions.op")} value={c.op} onChange={(e) => onChange({ ...fresh(kind, c.field), op: e.currentTarget.value, value: e.currentTarget.value === "in" ? [] : e.currentTarget.value === "isNull" ? true : "" })}>
        {(ops.includes(c.op) ? ops : [...ops, c.op]).map((o) => (
          <option key={o} value={o}>
            {t(`op.${o}.short` as Key)}
          </option>
        ))}
      </select>
      {c.op !== "isNull" && <span class="value">{valueControl(id, fact, c, label, onChange)}</span>}
      {onRemove && (
        <button type="button" class="quiet square" aria-label={t("conditions.remove")} onClick={onRemove}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

function valueControl(id: string, fact: Fact, c: Condition, label: string, onChange: (c: Condition) => void) {
  if (fact.type === "enum" || fact.type === "enums") {
    const list = Array.isArray(c.value) ? (c.value as string[]) : c.value ? [String(c.value)] : [];
    return <Control id={id} fact={{ ...fact, type: "enums" }} label={label} value={list} onChange={(v) => onChange({ ...c, value: v })} />;
  }
  if (c.op === "in" && fact.country) {
    return <Countries label={label} value={Array.isArray(c.value) ? (c.value as string[]) : [String(c.value)].filter(Boolean)} onChange={(value) => onChange({ ...c, value })} />;
  }
  if (c.op === "in") {
    // Several values are written with commas between them.
    const text = (Array.isArray(c.value) ? (c.value as string[]) : [String(c.value)]).join(",");
    return <input id={id} type="text" aria-label={label} placeholder={t("conditions.in.hint")} value={text} onInput={(e) => onChange({ ...c, value: splitValues(e.currentTarget.value) })} />;
  }
  if (fact.type === "bool") {
    return (
      <select id={id} aria-label={label} value={String(c.value)} onChange={(e) => onChange({ ...c, value: e.currentTarget.value === "true" })}>
        <option value="true">{t("yes")}</option>
        <option value="false">{t("no")}</option>
      </select>
    );
  }
  return (
    <>
      <label class="unseen" for={id}>{label}</label>
      <Control id={id} fact={fact} label={label} value={String(c.value ?? "")} onChange={(v: Value) => onChange({ ...c, value: v })} />
    </>
  );
}

/** splitValues takes a list apart; the last entry may still be in writing, so that spaces at its end are kept. */
export function splitValues(text: string): string[] {
  return text === "" ? [] : text.split(",").map((s, i, all) => (i === all.length - 1 ? s.trimStart() : s.trim()));
}
