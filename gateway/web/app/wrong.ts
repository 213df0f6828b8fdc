import type { CombinedError, OperationResult } from "@urql/core";
import { inEnglish, t, type Key } from "./i18n";

/** What went wrong: in the reader's language, and what the server said of it, which is English. */
export interface Wrong {
  text: string;
  detail?: string | undefined;
  /** Nobody answered: the same request may be sent once more. */
  lost?: true;
}

/** A mistake that the API tells of, as it stands in each payload. */
export interface UserError {
  __typename?: string;
  code: string;
  message: string;
  path: readonly string[] | null;
}

/** What a mutation gives back: a payload for each of its fields. */
export type Outcome = OperationResult<Record<string, { userErrors: readonly UserError[] } | null>>;

/** mistakes lists what stands in the way of a mutation and can be mended by people; none when it was done. */
export const mistakes = (result: Outcome): readonly UserError[] => Object.values(result.data ?? {}).flatMap((payload) => payload?.userErrors ?? []);

/** Sorts of mistakes of which all is said when their name is. */
const plain: Record<string, Key> = {
  Forbidden: "error.Forbidden", IdempotencyConflict: "error.IdempotencyConflict", NotFound: "error.NotFound", PolicyRulesConflict: "error.PolicyRulesConflict", VersionConflict: "error.VersionConflict",
};

/** Sorts of mistakes of which the server says more, about this very input. */
const telling: Record<string, Key> = { INVALID: "error.INVALID", CONFLICT: "error.CONFLICT", DENIED: "error.Forbidden", LIMIT: "error.LIMIT", NOT_FOUND: "error.NotFound" };

/** told puts the server's words below ours; who reads English needs the server's alone. */
const told = (key: Key, message: string): Wrong => (inEnglish() ? { text: message } : { text: t(key), detail: message });

/** mistake says in words what is wrong. */
export function mistake(e: UserError): Wrong {
  const key = plain[e.__typename ?? ""];
  return key ? { text: t(key) } : told(telling[e.code] ?? "error.other", e.message);
}

/** What can befall a whole request, by the code that the server gives it. */
const refusals: Record<string, Key> = {
  DENIED: "refused.DENIED", NOT_FOUND: "error.NotFound", UNAVAILABLE: "refused.UNAVAILABLE", LIMIT: "error.LIMIT", BAD_USER_INPUT: "error.INVALID", INVALID: "error.INVALID", CONFLICT: "error.CONFLICT",
};

/** waitFor gives the seconds after which one may ask again, where the server said that it was asked too often; else nothing. */
export function waitFor(error: CombinedError | undefined): number | undefined {
  const e = error?.graphQLErrors.find((x) => x.extensions?.["code"] === "THROTTLED");
  return e ? Number(e.extensions["retryAfter"]) || 1 : undefined;
}

/** refusal says why a request was not answered. */
export function refusal(error: CombinedError): Wrong {
  if (error.networkError) return lost();
  const wait = waitFor(error);
  if (wait !== undefined) return { text: t("refused.THROTTLED", { n: wait }) };
  const first = error.graphQLErrors[0];
  const code = String(first?.extensions?.["code"] ?? "");
  if (code === "INTERNAL") return { text: t("refused.INTERNAL", { request: String(first?.extensions?.["requestId"] ?? "") }) };
  return told(refusals[code] ?? "error.other", first?.message ?? error.message);
}

/** lost is what is said when nobody answers. */
export const lost = (): Wrong => ({ text: t("trouble.network"), lost: true });

/** problem gives what went wrong with a mutation, or null when it was done. */
export function problem(result: Outcome): Wrong | null {
  if (result.error) return refusal(result.error);
  const first = mistakes(result)[0];
  return first ? mistake(first) : null;
}

/** A problem that is thrown. */
export class Trouble extends Error {
  constructor(readonly wrong: Wrong) {
    super(wrong.text);
  }
}

/** wrongOf gives what was thrown as it is shown. */
export const wrongOf = (e: unknown): Wrong => (e instanceof Trouble ? e.wrong : lost());
