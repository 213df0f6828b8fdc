import { Client, fetchExchange, mapExchange, type OperationResult, type TypedDocumentNode } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { createClient } from "graphql-ws/client";
import { nameOf, Refresher, type Links } from "./refresh";
import { session } from "./session";
import { store } from "./store";
import type { Outcome } from "./wrong";

/** A GraphQL text with the types of its answer and of its variables. */
export type Text<Data, Variables extends object> = TypedDocumentNode<Data, Variables>;

/** Whether news comes in: undefined before the first connection. */
export const online = store<boolean | undefined>(undefined);

/** The connection by which news comes in. */
export const wire = createClient({
  url: () => location.origin.replace(/^http/, "ws") + "/graphql",
  retryAttempts: Infinity,
  shouldRetry: () => session.get() != null,
  retryWait: (n) => new Promise((go) => setTimeout(go, Math.min(250 * 2 ** n, 8000) * (0.75 + Math.random() / 2))),
  keepAlive: 20_000,
  on: {
    connected: () => online.set(true),
    closed: () => online.set(false),
  },
});

/** typeName turns DEAL_DECISION into DealDecision. */
export const typeName = (kind: string): string => kind.toLowerCase().replace(/(^|_)(.)/g, (_, __, c: string) => c.toUpperCase());

/** What one person who is signed in works with. */
export interface Connection {
  client: Client;
  refresher: Refresher;
}

/** connect makes a client with an empty cache; nothing of one person is shown to the next. */
export function connect(): Connection {
  const refresher: Refresher = new Refresher(() => client);
  const client: Client = new Client({
    url: "/graphql",
    preferGetMethod: false,
    // What is known is shown at once, and asked for again.
    requestPolicy: "cache-and-network",
    exchanges: [
      refresher.above,
      mapExchange({ onResult: (result) => note(result, refresher) }),
      cacheExchange({
        keys: { Money: () => null, Count: () => null, PageInfo: () => null, Viewer: () => null, AccessBasis: () => null, Sighting: () => null, SeenRecord: () => null, SharedView: () => null, Download: () => null, Upload: () => null, Header: () => null },
      }),
      refresher.below,
      fetchExchange,
    ],
  });
  return { client, refresher };
}

/** note looks at each result: whether the session was lost, what failed, what a mutation made. */
function note(result: OperationResult, refresher: Refresher): void {
  const { error, operation } = result;
  if (error) {
    const lost = error.response?.status === 401 || error.graphQLErrors.some((e) => e.extensions?.["code"] === "UNAUTHENTICATED");
    if (lost) session.set(null);
    else console.warn(`${nameOf(operation)}: ${error.message}`);
    return;
  }
  if (operation.kind !== "mutation") return;
  for (const payload of Object.values((result.data ?? {}) as Record<string, Record<string, unknown> | null>)) {
    for (const value of Object.values(payload ?? {})) {
      if (typeof value === "object" && value !== null && "id" in value && "__typename" in value) refresher.touch(value as unknown as Links);
    }
    if (payload?.["deletedId"]) refresher.touch({ __typename: "Grant" });
    // New rules of the firm may change all that anybody sees.
    if (payload?.["policyRules"] && !(operation.variables as { input?: { dryRun?: boolean } }).input?.dryRun) refresher.touchAll();
  }
}

/** made gives the record that a mutation made or changed. */
export function made(result: Outcome): ({ id: string; version?: number } & Record<string, unknown>) | null {
  for (const payload of Object.values(result.data ?? {})) {
    for (const value of Object.values(payload ?? {})) {
      if (typeof value === "object" && value !== null && !Array.isArray(value) && "id" in value) return value as { id: string } & Record<string, unknown>;
    }
  }
  return null;
}
