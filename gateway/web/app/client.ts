import { Client, fetchExchange, mapExchange, subscriptionExchange, type OperationResult, type TypedDocumentNode } from "@urql/core";
import { cacheExchange, type Cache } from "@urql/exchange-graphcache";
import { createClient } from "graphql-ws/client";
import { appeared, changed, gone, type Links } from "./invalidate";
import { session } from "./session";
import { store } from "./store";

/** A GraphQL text with the types of its answer and of its variables. */
export type Text<Data, Variables extends object> = TypedDocumentNode<Data, Variables>;

/** Whether news comes in: undefined before the first connection. */
export const online = store<boolean | undefined>(undefined);

const wire = createClient({
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

interface Event {
  cursor: string;
  id: string;
  operation: "CREATE" | "UPDATE" | "DELETE";
  kind: string;
  record: Links | null;
}

/** typeName turns DEAL_DECISION into DealDecision. */
export const typeName = (kind: string): string => kind.toLowerCase().replace(/(^|_)(.)/g, (_, __, c: string) => c.toUpperCase());

/** Kinds of which an event brings all that screens show. */
const whole = new Set(["Customer", "Interaction"]);

function news(event: Event | null | undefined, cache: Cache): void {
  if (!event) return;
  const kind = typeName(event.kind);
  if (event.operation === "DELETE" || !event.record) gone(cache, kind, event.id);
  else if (event.operation === "CREATE") appeared(cache, event.record);
  else changed(cache, kind, event.id, whole.has(kind));
}

type Payload = Record<string, unknown> | null | undefined;

/** made lists the new record of a create's payload. */
const made = (field: string) => (result: Record<string, unknown>, _: unknown, cache: Cache) => {
  for (const value of Object.values((result[field] as Payload) ?? {})) {
    const record = value as Links | null;
    if (record && typeof record === "object" && "id" in record) appeared(cache, record);
  }
};

const creates = ["createInteraction", "createCustomer", "createDocument", "completeDocumentUpload", "createDealRegistration", "shareRecord", "answerSharingAgreement"];

/** newClient makes a client with an empty cache; nothing of one person is shown to the next. */
export function newClient(): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        keys: { Money: () => null, Count: () => null, PageInfo: () => null, Viewer: () => null, SharedView: () => null, Change: () => null, Download: () => null, Upload: () => null, Header: () => null },
        updates: {
          Mutation: {
            ...Object.fromEntries(creates.map((field) => [field, made(field)])),
            unshareRecord: (_result: unknown, args: { input?: { sharingAgreementId?: string } }, cache: Cache) =>
              appeared(cache, { __typename: "Grant", sharingAgreementId: args.input?.sharingAgreementId }),
          },
          Subscription: { changes: (result, _, cache) => news(result["changes"] as Event | null, cache) },
        },
      }),
      mapExchange({
        onResult(result: OperationResult) {
          const lost = result.error?.response?.status === 401 || result.error?.graphQLErrors.some((e) => e.extensions?.["code"] === "UNAUTHENTICATED");
          if (lost) session.set(null);
          else if (result.error) console.warn(`${result.operation.kind} ${/\w+ (\w+)/.exec(String(result.operation.query.loc?.source.body))?.[1] ?? ""}: ${result.error.message}`);
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe(sink) {
            // The payload is sent anew when the connection was lost: with the last cursor in it nothing is missed.
            const payload = { query: request.query ?? "", variables: { ...(request.variables as object) } as Record<string, unknown> };
            const unsubscribe = wire.subscribe(payload, {
              next(value) {
                const event = (value.data as { changes?: Event } | null)?.changes;
                if (event?.cursor) payload.variables["after"] = event.cursor;
                sink.next(value as Parameters<typeof sink.next>[0]);
              },
              error: (e) => sink.error(e),
              complete: () => sink.complete(),
            });
            return { unsubscribe };
          },
        }),
      }),
    ],
  });
}

/** A mistake that the API tells of, as it stands in each payload. */
export interface UserError {
  code: string;
  message: string;
  path: readonly string[] | null;
}

/**
 * problem gives what went wrong with a mutation, in words: a mistake of the
 * input, a refusal, a lost network; or null when it was done.
 */
export function problem(result: OperationResult<Record<string, { userErrors: readonly UserError[] } | null>>): string | null {
  if (result.error) return result.error.networkError ? "" : (result.error.graphQLErrors[0]?.message ?? result.error.message);
  for (const payload of Object.values(result.data ?? {})) {
    const first = payload?.userErrors?.[0];
    if (first) return first.message;
  }
  return null;
}
