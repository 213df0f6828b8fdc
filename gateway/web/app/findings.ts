import { locale, t } from "./i18n";
import { messages } from "./messages.gen";

/** Something that is wrong with a document, as the EDI engine found it. */
export interface Finding {
  id: string;
  severity: "error" | "warning";
  level: string;
  code?: string;
  offset: number;
  line: number;
  length: number;
  path?: { interchange?: number; group?: number; transaction?: number; loop?: string; tag?: string; segment?: number; element?: number; component?: number };
  name?: string;
  value?: string;
  expected?: string;
  rule?: string;
  guide?: string;
  message?: string;
}

/** findingsOf reads the findings of a record, which may lie in a list or beside their counts. */
export function findingsOf(json: unknown): Finding[] {
  const list = Array.isArray(json) ? json : ((json as { findings?: unknown } | null)?.findings ?? []);
  if (!Array.isArray(list)) return [];
  return list.filter((x): x is Finding => typeof x === "object" && x !== null && typeof (x as Finding).id === "string");
}

/** placeOf says where a finding lies, as people of the trade say it: "PTD/QTY, element 02". */
export function placeOf(f: Finding): string {
  const p = f.path ?? {};
  const parts = [[p.loop, p.tag].filter(Boolean).join("/")];
  if (p.element) parts.push(t("finding.element", { n: String(p.element).padStart(2, "0") + (p.component ? "-" + p.component : "") }));
  return parts.filter(Boolean).join(", ") || t("finding.line", { n: f.line });
}

/** whereOf says in which document and segment a finding lies, counted as its people count. */
export function whereOf(f: Finding): string {
  const p = f.path ?? {};
  const counted = [p.transaction && t("finding.transaction", { n: p.transaction }), p.segment && t("finding.segment", { n: p.segment })].filter(Boolean);
  // Many files are one line as a whole: lines are told only where nothing better is known.
  return counted.length > 0 ? counted.join(" · ") : t("finding.line", { n: f.line });
}

/** textOf gives what a finding says (0), or how to mend it (1), in the language that is shown. */
function textOf(f: Finding, which: 0 | 1): string {
  const entry = messages[locale()]?.[f.id] ?? messages["en"]?.[f.id];
  const values: Record<string, string | undefined> = { place: placeOf(f), name: f.name, value: f.value, expected: f.expected, rule: f.rule, length: String(f.length), tag: f.path?.tag };
  return (entry?.[which] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

const sentence = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** titleOf says what is wrong. */
export const titleOf = (f: Finding): string => sentence(f.message ?? (textOf(f, 0) || f.id));

/** remedyOf says how to mend it. */
export const remedyOf = (f: Finding): string => textOf(f, 1);
