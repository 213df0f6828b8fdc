import type { Cache } from "@urql/exchange-graphcache";

/** A record as far as it tells to which others it belongs. */
export type Links = { __typename: string; id?: string } & Record<string, unknown>;

/** Of each kind: the lists at the root that show it, and by link the lists of a parent that do. */
const shownIn: Record<string, { lists: string[]; parents?: Record<string, [kind: string, field: string]> }> = {
  Customer: { lists: ["customers"] },
  Contact: { lists: [], parents: { customerId: ["Customer", "contacts"] } },
  Interaction: { lists: [], parents: { customerId: ["Customer", "interactions"] } },
  Document: { lists: [], parents: { customerId: ["Customer", "documents"] } },
  DocumentVersion: { lists: [], parents: { documentId: ["Document", "versions"] } },
  DealRegistration: { lists: ["dealRegistrations"] },
  DealDecision: { lists: [], parents: { dealRegistrationId: ["DealRegistration", "dealDecisions"] } },
  Interchange: { lists: ["interchanges"] },
  TransactionSet: { lists: [], parents: { interchangeId: ["Interchange", "transactionSets"] } },
  SharingAgreement: { lists: [] },
  Acceptance: { lists: [], parents: { sharingAgreementId: ["SharingAgreement", "acceptances"] } },
  Grant: { lists: [] },
  Firm: { lists: ["firms"] },
  Partner: { lists: ["partners"] },
  Partnership: { lists: [] },
};

/** Kinds that open and close others to a firm: with them all that one sees may change. */
const opening = new Set(["SharingAgreement", "Acceptance", "Grant", "Partnership"]);

/** all forgets what every question at the root was answered, but who the viewer is. */
function all(cache: Cache): void {
  for (const field of cache.inspectFields("Query")) {
    if (field.fieldName !== "viewer") cache.invalidate("Query", field.fieldName, field.arguments);
  }
}

function lists(cache: Cache, names: readonly string[]): void {
  for (const field of cache.inspectFields("Query")) {
    if (names.includes(field.fieldName)) cache.invalidate("Query", field.fieldName, field.arguments);
  }
}

function below(cache: Cache, kind: string, id: string, name: string): void {
  const key = cache.keyOfEntity({ __typename: kind, id });
  if (!key) return;
  for (const field of cache.inspectFields(key)) {
    if (field.fieldName === name) cache.invalidate(key, field.fieldName, field.arguments);
  }
}

/** appeared forgets the lists in which a new record has to appear. */
export function appeared(cache: Cache, record: Links): void {
  if (opening.has(record.__typename)) all(cache);
  const shown = shownIn[record.__typename];
  if (!shown) return;
  lists(cache, shown.lists);
  for (const [link, [kind, field]] of Object.entries(shown.parents ?? {})) {
    const id = record[link];
    if (typeof id === "string") below(cache, kind, id, field);
  }
}

/** changed forgets what is known of a record whose new values did not come along. */
export function changed(cache: Cache, kind: string, id: string, whole: boolean): void {
  if (opening.has(kind)) all(cache);
  if (!whole) cache.invalidate({ __typename: kind, id });
}

/** gone forgets a record that was deleted, or left the view. */
export function gone(cache: Cache, kind: string, id: string): void {
  if (opening.has(kind)) all(cache);
  cache.invalidate({ __typename: kind, id });
  lists(cache, shownIn[kind]?.lists ?? []);
  const dangling = Object.values(shownIn[kind]?.parents ?? {});
  for (const [parent, field] of dangling) everywhere(cache, parent, field);
}

/** everywhere forgets a list of all parents that are known by a query of one. */
function everywhere(cache: Cache, parent: string, field: string): void {
  const one = parent.charAt(0).toLowerCase() + parent.slice(1);
  for (const known of cache.inspectFields("Query")) {
    const id = known.fieldName === one ? known.arguments?.["id"] : undefined;
    if (typeof id === "string") below(cache, parent, id, field);
  }
}
