import { facts } from "./facts.gen";
import { country, day, instant, money } from "./format";
import { t, word } from "./i18n";

/** shownValue is a value of any field as people read it; nothing for what only programs read, such as ids. */
export function shownValue(kind: string, field: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  const fact = facts[kind]?.fields[field];
  switch (fact?.type) {
    case "bool":
      return t(value === true ? "yes" : "no");
    case "enum":
      return word(fact.name ?? "", String(value));
    case "enums":
      return (value as readonly string[]).map((v) => word(fact.name ?? "", v)).join(", ");
    case "texts":
      return (value as readonly string[]).join(", ");
    case "money":
      return money(value as { amount: string; currency: string });
    case "day":
      return day(String(value));
    case "instant":
      return instant(String(value));
    case "link":
    case "links":
    case "json":
      return "";
    case "text":
      return fact.country ? country(String(value)) : String(value);
    default:
      return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }
}
