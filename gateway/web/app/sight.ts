import { facts } from "./facts.gen";
import { list } from "./format";
import { fieldName, t, type Key } from "./i18n";
import { fieldClasses } from "./kinds.gen";
import type { WhyData } from "./operations/access.gen";
import type { AccessPath, RecordKind } from "./operations/types.gen";

export type Reason = NonNullable<WhyData["why"]>["reasons"][number];
export type Clause = Reason["clauses"][number];

/** enumName turns DealDecision into DEAL_DECISION. */
export const enumName = (kind: string): RecordKind => kind.replace(/(?<=[a-z0-9])[A-Z]/g, "_$&").toUpperCase() as RecordKind;

/** Fields that say whom a record is for, and nothing of what is in it. */
const envelope = ["audience", "audienceTeam", "audienceFirms", "addressedTo", "sentAt"];

/** fieldsOf lists the fields of a kind that people speak of. */
export const fieldsOf = (kind: string): string[] => Object.keys(fieldClasses[kind] ?? facts[kind]?.fields ?? {}).filter((f) => !envelope.includes(f));

/** fieldsWords says which fields are seen, in the fewest words: all, all but some, or some. */
export function fieldsWords(kind: string, fields: readonly string[]): string {
  const all = fieldsOf(kind);
  const seen = all.filter((f) => fields.includes(f));
  const unseen = all.filter((f) => !fields.includes(f));
  const names = (some: readonly string[]) => list(some.map((f) => fieldName(kind, f)));
  if (unseen.length === 0) return t("sight.fields.all");
  if (seen.length === 0) return t("sight.fields.none");
  return unseen.length <= seen.length && unseen.length <= 5 ? t("sight.fields.but", { fields: names(unseen) }) : t("sight.fields.only", { fields: names(seen) });
}

/** wayWords says by which way somebody comes to see a record. */
export function wayWords(path: AccessPath, agreement: string | null | undefined): string {
  return t(agreement ? `way.${path}.under` as Key : `way.${path}`, { agreement: agreement ?? "" });
}

/** What can be done about a condition that does not hold, and where. */
export interface Mending {
  text: Key;
  href?: string;
}

/** mending tells how a reason that lacks something can be given it; ours says whether the record is the reader's own firm's to open. */
export function mending(reason: Pick<Reason, "path" | "agreement">, clause: Pick<Clause, "code">, record: string, kind: string, ours: boolean): Mending | null {
  const agreement = reason.agreement?.id;
  if (reason.path !== "MEMBER" && !ours) return null;
  switch (clause.code) {
    case "agreement":
      return agreement ? { text: "mend.agreement", href: "/sharing/" + agreement } : { text: "mend.agreement.new", href: "/sharing/new" };
    case "term":
    case "teams":
    case "level":
    case "action":
    case "filter":
    case "passedOn":
      return agreement ? { text: "mend.terms", href: "/sharing/new?from=" + agreement } : null;
    case "field":
      return agreement ? { text: "mend.terms", href: "/sharing/new?from=" + agreement } : { text: "mend.rules", href: "/rules" };
    case "grant":
      return kind === "Customer" ? { text: "mend.grant", href: `/customers/${record}?open=share` } : { text: "mend.agreement", href: "/sharing/" + agreement };
    case "parent":
      return { text: "mend.parent" };
    case "audience":
      return { text: "mend.audience" };
    case "role":
    case "scope":
      // What another firm lets its own people do is that firm's affair.
      return reason.path === "MEMBER" ? { text: "mend.rules", href: "/rules" } : { text: "mend.theirs" };
    default:
      return null;
  }
}

/** missing lists the conditions of a reason that do not hold. */
export const missing = (reason: Pick<Reason, "clauses">): readonly Clause[] => reason.clauses.filter((c) => !c.holds);

/** The addresses of records that have a screen of their own, by kind. */
const screens: Record<string, string> = { Customer: "/customers/", DealRegistration: "/deals/", Interchange: "/files/", SharingAgreement: "/sharing/", Firm: "/partners/" };

/** screenOf gives the address of a record's own screen, or nothing. */
export const screenOf = (kind: string, id: string): string | undefined => (screens[kind] ? screens[kind] + id : undefined);

const lists: Record<string, string> = { Task: "/tasks", Product: "/goods/products", Promotion: "/goods/promotions" };

/** backFrom gives the address of a record's own screen, or of the list in which its kind is found. */
export const backFrom = (kind: string, id: string): string => screenOf(kind, id) ?? lists[kind] ?? "/customers";

/** kindNames lists what records are called by the API, without what is about people alone. */
export const kindNames = (): string[] => Object.keys(facts).filter((k) => !facts[k]?.private);
