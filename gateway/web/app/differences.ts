import { typeName } from "./client";
import { list } from "./format";
import { t, word } from "./i18n";
import type { ReplacePolicyRulesData } from "./operations/rules.gen";
import { fieldsWords } from "./sight";

export type Difference = NonNullable<NonNullable<ReplacePolicyRulesData["replacePolicyRules"]>["difference"]>;
type Cell = Difference["cells"][number];
type Reach = Cell["gained"][number];

/** Somebody gains something by new rules, or loses it. */
export interface Sentence {
  gains: boolean;
  who: string;
  what: string;
}

/** subjectWords shows who is meant, as rules call them: "role:SALES" as "Sales". */
export function subjectWords(subject: string): string {
  return subject.startsWith("role:") ? word("Role", subject.slice("role:".length)) : subject;
}

/** rowsWords says of which rows something holds. */
const rowsWords = (rows: readonly string[]): string => (rows.length >= 4 ? t("rows.all") : list(rows.map((r) => word("RowScope", r))));

/** reaches puts together the rows of which the same fields are reached. */
function reaches(all: readonly Reach[]): [fields: readonly string[], rows: readonly string[]][] {
  const byFields = new Map<string, [readonly string[], string[]]>();
  for (const { fields, rows } of all) {
    const key = fields.join();
    byFields.set(key, [fields, [...(byFields.get(key)?.[1] ?? []), rows]]);
  }
  return [...byFields.values()];
}

/** differences says in words what new rules change; people who gain or lose the same are named together. */
export function differences(d: Pick<Difference, "cells">): Sentence[] {
  const together = new Map<string, { gains: boolean; who: string[]; what: string }>();
  for (const cell of d.cells) {
    const kind = typeName(cell.kind);
    for (const gains of [false, true]) {
      for (const [fields, rows] of reaches(gains ? cell.gained : cell.lost)) {
        const what = t("difference.what", { kind: word("Kinds", kind), action: word("Action", cell.action.toLowerCase()), rows: rowsWords(rows), fields: fieldsWords(kind, fields) });
        const key = String(gains) + what;
        const known = together.get(key);
        if (known) known.who.push(subjectWords(cell.subject));
        else together.set(key, { gains, who: [subjectWords(cell.subject)], what });
      }
    }
  }
  return [...together.values()].map((s) => ({ gains: s.gains, who: list(s.who), what: s.what })).sort((x, y) => Number(x.gains) - Number(y.gains));
}
