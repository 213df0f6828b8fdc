import type { Fact } from "./facts.gen";
import { local } from "./moment";
import { canonical, same } from "./same";

/** What stands in a control: a text, a choice, several choices, an amount. */
export type Value = string | boolean | readonly string[] | { amount: string; currency: string };

/** What stands in the controls of a form, by field. */
export type Values = Readonly<Record<string, Value>>;

/** blank is what an empty control holds. */
export function blank(fact: Fact): Value {
  switch (fact.type) {
    case "bool":
      return false;
    case "enums":
    case "links":
      return [];
    case "money":
      return { amount: "", currency: "EUR" };
    case "text":
    case "long":
    case "int":
    case "decimal":
    case "day":
    case "instant":
    case "enum":
    case "link":
    case "texts":
    case "json":
      return "";
  }
}

/** shownBy gives the field of the API that holds what a form calls field: of a link, its id. */
export const shownBy = (field: string, fact: Fact): string => (fact.type === "link" ? field + "Id" : field);

/** toControl turns what the API gives into what stands in a control. */
export function toControl(fact: Fact, value: unknown): Value {
  if (value === null || value === undefined) return blank(fact);
  switch (fact.type) {
    case "bool":
      return value === true;
    case "enums":
    case "links":
      return value as readonly string[];
    case "texts":
      return (value as readonly string[]).join("\n");
    case "instant":
      return local(new Date(String(value)));
    case "money": {
      const { amount, currency } = value as { amount: string; currency: string };
      return { amount, currency };
    }
    case "json":
      return canonical(value);
    case "text":
    case "long":
    case "int":
    case "decimal":
    case "day":
    case "enum":
    case "link":
      return String(value);
  }
}

/** plain writes a number as programs do: people may set a comma, and spaces between thousands. */
const plain = (text: string): string => text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");

/** toInput turns what stands in a control into what the API takes; null clears a field. */
export function toInput(fact: Fact, value: Value): unknown {
  if (typeof value === "boolean") return value;
  if (typeof value === "object" && "amount" in value) return value.amount.trim() === "" ? null : { amount: plain(value.amount), currency: value.currency };
  if (typeof value === "object") return value.length > 0 ? value : null;
  const text = fact.type === "long" ? value.trimEnd() : value.trim();
  if (text === "") return null;
  switch (fact.type) {
    case "int":
    case "decimal":
      return plain(text);
    case "instant":
      return new Date(text).toISOString();
    case "texts":
      return text.split(/[\n;]/).map((s) => s.trim()).filter(Boolean);
    case "json":
      return JSON.parse(text) as unknown;
    default:
      return text;
  }
}

/** What can be wrong with a control before the server is asked. */
export type Wrong = "required" | "number" | "long";

/** wrongWith looks at a control as the server will. */
export function wrongWith(fact: Fact, value: Value): Wrong | null {
  const input = toInput(fact, value);
  if (input === null) return fact.required ? "required" : null;
  const number = fact.type === "money" ? (input as { amount: string }).amount : input;
  if (fact.type === "int" && !/^[+-]?\d{1,18}$/.test(String(number))) return "number";
  if ((fact.type === "decimal" || fact.type === "money") && !/^[+-]?\d{1,20}(\.\d{1,9})?$/.test(String(number))) return "number";
  if (fact.type === "text" && fact.max !== undefined && Array.from(String(input)).length > fact.max) return "long";
  return null;
}

/**
 * How a field stands between two people: untouched, changed here, changed by
 * somebody else since the form was opened, or changed by both to different ends.
 */
export type Standing = "untouched" | "mine" | "theirs" | "clash";

/** standing compares what was there at first, what stands in the control, and what is there now. */
export function standing(base: Value, here: Value, now: Value): Standing {
  const mine = !same(here, base);
  const theirs = !same(now, base);
  if (mine && theirs) return same(here, now) ? "theirs" : "clash";
  return mine ? "mine" : theirs ? "theirs" : "untouched";
}
