import { facts } from "./facts.gen";
import { country, day, either, list } from "./format";
import { fieldName, maybe, t, word, type Key } from "./i18n";

/** How much of a firm's records of a kind a term opens. */
export type Level = "HIDDEN" | "COUNTS" | "OVERLAP" | "FILTER" | "GRANTED" | "CHILDREN" | "ALL";

/** One entry of a sharing agreement's terms. */
export interface Term {
  kind: string;
  level: Level;
  filter?: unknown;
  actions: string[];
  classes?: string[];
  fieldSets?: string[];
  teams?: string[];
  floor?: number;
  keys?: string[];
  validUntil?: string;
  reshare?: boolean;
}

/** termsOf reads the terms of an agreement, and leaves out what is not understood. */
export function termsOf(json: unknown): Term[] {
  if (!Array.isArray(json)) return [];
  return json.filter((x): x is Term => typeof x === "object" && x !== null && typeof (x as Term).kind === "string" && Array.isArray((x as Term).actions));
}

interface Answered {
  state: string | null;
  addressedToId: string | null;
  acceptances: { nodes: readonly { answer: string | null; ownerId: string; createdAt: string }[] };
}

/** lastAnswer is what the firm addressed said last: nothing, ACCEPTED, DECLINED or WITHDRAWN. */
export function lastAnswer(a: Answered): string | null {
  const own = a.acceptances.nodes.filter((x) => x.ownerId === a.addressedToId);
  return [...own].sort((x, y) => y.createdAt.localeCompare(x.createdAt))[0]?.answer ?? null;
}

/** inForce tells whether an agreement opens anything now, as far as its state says. */
export const inForce = (a: Answered): boolean => a.state === "OFFERED" && lastAnswer(a) === "ACCEPTED";

/** One comparison of a filter. */
export interface Condition {
  field: string;
  op: string;
  value: unknown;
}

/** A filter that is one list of comparisons, of which all or any must hold. */
export interface Conditions {
  any: boolean;
  list: readonly Condition[];
}

const isCondition = (x: unknown): x is Condition => typeof x === "object" && x !== null && typeof (x as Condition).field === "string" && typeof (x as Condition).op === "string" && "value" in x;

/** readConditions takes a filter apart; null for one that is more than a list of comparisons. */
export function readConditions(filter: unknown): Conditions | null {
  if (filter === undefined || filter === null) return { any: false, list: [] };
  if (isCondition(filter)) return { any: false, list: [filter] };
  const object = filter as Record<string, unknown>;
  for (const op of ["and", "or"]) {
    const inner = object[op];
    if (Object.keys(object).length === 1 && Array.isArray(inner) && inner.every(isCondition)) return { any: op === "or", list: inner };
  }
  return null;
}

/** writeConditions puts a filter together; undefined when nothing is asked. */
export function writeConditions(c: Conditions): unknown {
  const list = c.list.filter((x) => x.value !== "" && x.value !== null && !(Array.isArray(x.value) && x.value.length === 0));
  if (list.length === 0) return undefined;
  return list.length === 1 ? list[0] : { [c.any ? "or" : "and"]: list };
}

/** filterWords says a filter in a sentence. */
export function filterWords(kind: string, filter: unknown): string {
  const c = readConditions(filter);
  if (!c) return t("terms.filter.complex");
  const parts = c.list.map((x) => t(`op.${x.op}` as Key, { field: fieldName(kind, x.field), value: valueWords(kind, x.field, x.value) }));
  return c.any ? either(parts) : list(parts);
}

function valueWords(kind: string, field: string, value: unknown): string {
  const fact = facts[kind]?.fields[field];
  const one = (v: unknown): string => {
    if (typeof v === "boolean") return t(v ? "yes" : "no");
    const text = String(v);
    if (fact?.type === "enum" || fact?.type === "enums") return word(fact.name ?? "", text);
    if (fact?.type === "day") return day(text);
    return fact?.country ? country(text) : text;
  };
  return Array.isArray(value) ? either(value.map(one)) : one(value);
}

/** sentence says a term in words. */
export function sentence(term: Term): string {
  const beside = [...(term.fieldSets ?? []).map(setName), ...(term.classes ?? []).filter((c) => c !== "basic").map((c) => word("Class", c))];
  const named = term.level === "CHILDREN" && facts[term.kind]?.audience;
  const limits = [term.validUntil && t("terms.until", { day: day(term.validUntil) }), term.reshare && t("terms.reshare"), term.teams && term.teams.length > 0 && t("terms.teams", { n: term.teams.length })].filter(Boolean);
  const what = t(named ? "terms.CHILDREN.named" : (`terms.${term.level}` as Key), {
    kind: word("Kinds", term.kind),
    actions: list(term.actions.map((a) => word("Action", a))),
    classes: beside.length > 0 ? t("terms.classes", { classes: list([word("Class", "basic"), ...beside]) }) : t("terms.basic"),
    filter: term.level === "FILTER" ? filterWords(term.kind, term.filter) : "",
    floor: term.floor ?? leastFloor,
    keys: list((term.keys ?? []).map((k) => fieldName(term.kind, k))),
  });
  return [what, ...limits].join("; ");
}

/** Below this number no agreement lets counts be told. */
export const leastFloor = 5;

/** setName shows a set of fields by its name without the version. */
export function setName(set: string): string {
  const name = set.split("@", 1)[0] ?? set;
  return maybe(`set.${name}`, name);
}
