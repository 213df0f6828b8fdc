import { mapExchange, type Client, type Exchange, type Operation } from "@urql/core";

/** A record as far as it tells which it is and to which others it belongs. */
export type Links = { __typename: string; id?: string } & Record<string, unknown>;

/** Kinds that open and close others to a firm or a person: with them all that one sees may change. */
const opening = new Set(["SharingAgreement", "Acceptance", "Grant", "Partnership", "Membership"]);

/**
 * Of each kind, the questions whose answers show it. With a link, a question
 * about one record is meant only when the link names that record.
 */
const shownBy: Record<string, Record<string, string>> = {
  Customer: { Customers: "", Customer: "id" },
  Contact: { Customer: "customerId" },
  Task: { Tasks: "", CustomerTasks: "customerId" },
  Product: { Products: "", CommonNames: "" },
  Promotion: { Promotions: "" },
  Interaction: { Timeline: "customerId" },
  Document: { CustomerDocuments: "customerId" },
  DocumentVersion: { CustomerDocuments: "" },
  DealRegistration: { Deals: "", Deal: "id", InTheWay: "" },
  DealDecision: { Deals: "", Deal: "dealRegistrationId" },
  Interchange: { Interchanges: "", Interchange: "id" },
  TransactionSet: { Interchange: "interchangeId" },
  SalesReportLine: { SetLines: "" },
  Agreement: { Papers: "" },
  Firm: { Firms: "" },
  Partner: { Firms: "" },
  Team: { Firms: "" },
};

/** concerns tells whether the answer to a question may be another one after a record changed. */
export function concerns(question: string, variables: Record<string, unknown>, record: Links): boolean {
  if (question === "Viewer") return false;
  if (opening.has(record.__typename)) return true;
  // Who sees a record, and why, may follow from what is in it.
  if (record.id !== undefined && record.id === variables["record"]) return true;
  const link = shownBy[record.__typename]?.[question];
  if (link === undefined) return false;
  const names = link === "" ? undefined : record[link];
  // A record that is gone says no more to whom it belonged.
  return typeof names !== "string" || names === variables["id"];
}

/** nameOf gives the name of an operation. */
export function nameOf(operation: Operation): string {
  for (const d of operation.query.definitions) if (d.kind === "OperationDefinition") return d.name?.value ?? "";
  return "";
}

/**
 * Refresher asks the questions on screen again when their answers may have
 * changed. Of changes that come close together it waits for the last; and a
 * question that is under way when something changes is asked once more after
 * its answer, which may be older than the change.
 */
export class Refresher {
  private readonly onScreen = new Map<number, Operation>();
  private readonly underWay = new Set<number>();
  private readonly due = new Set<number>();
  private timer = 0;

  constructor(private readonly client: () => Client) {}

  /** What is to stand before the cache: it learns what is on screen. */
  readonly above: Exchange = mapExchange({
    onOperation: (o) => {
      if (o.kind === "query") this.onScreen.set(o.key, o);
      if (o.kind !== "teardown") return;
      this.onScreen.delete(o.key);
      this.underWay.delete(o.key);
      this.due.delete(o.key);
    },
  });

  /** What is to stand behind the cache: it learns what is under way. */
  readonly below: Exchange = mapExchange({
    onOperation: (o) => {
      if (o.kind === "query") this.underWay.add(o.key);
    },
    onResult: (r) => {
      this.underWay.delete(r.operation.key);
      if (this.due.has(r.operation.key)) this.soon();
    },
  });

  /** touch says that a record was made, changed or lost. */
  touch(record: Links): void {
    for (const [key, o] of this.onScreen) {
      if (concerns(nameOf(o), (o.variables ?? {}) as Record<string, unknown>, record)) this.due.add(key);
    }
    if (this.due.size > 0) this.soon();
  }

  /** touchAll says that anything may have changed. */
  touchAll(): void {
    for (const key of this.onScreen.keys()) this.due.add(key);
    this.soon();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), 25);
  }

  private ask(): void {
    for (const key of [...this.due]) {
      const o = this.onScreen.get(key);
      if (o && this.underWay.has(key)) continue;
      this.due.delete(key);
      if (o) this.client().reexecuteOperation({ ...o, context: { ...o.context, requestPolicy: "network-only" } });
    }
  }
}
