import { fieldClasses, type Class } from "./kinds.gen";

/** One entry of a sharing agreement's terms. */
export interface Term {
  kind: string;
  level: "ALL" | "FILTER" | "GRANTED" | "CHILDREN";
  filter?: unknown;
  actions: string[];
  classes?: Class[];
}

/** termsOf reads the terms of an agreement, and leaves out what is not understood. */
export function termsOf(json: unknown): Term[] {
  if (!Array.isArray(json)) return [];
  return json.filter((x): x is Term => typeof x === "object" && x !== null && typeof (x as Term).kind === "string" && Array.isArray((x as Term).actions));
}

/** opens tells which fields of a kind a term shows: the basic ones always, those of the classes named, internal ones never. */
export function opens(term: Term, field: string): boolean {
  const c = fieldClasses[term.kind]?.[field];
  return c === "basic" || (c !== undefined && c !== "internal" && (term.classes ?? []).includes(c));
}

/** fieldsOf lists the fields of a kind that can be shared or withheld. */
export const fieldsOf = (kind: string): string[] => Object.keys(fieldClasses[kind] ?? {});

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
