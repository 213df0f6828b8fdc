import { store } from "./store";

/** Who is signed in, by bare ids. */
export interface Session {
  user: string;
  firm: string;
  roles: string[];
  teams: string[];
}

/** undefined while it is being asked for, null when nobody is signed in. */
export const session = store<Session | null | undefined>(undefined);

interface Answer {
  signedIn?: boolean;
  user?: string;
  firm?: string;
  roles?: string[];
  teams?: string[];
  error?: { code: string; message: string };
}

function take(a: Answer): void {
  session.set(a.signedIn ? { user: a.user ?? "", firm: a.firm ?? "", roles: a.roles ?? [], teams: a.teams ?? [] } : null);
}

/** A refusal by the node: its code, its words, and in how many seconds to come again. */
export class Refused extends Error {
  constructor(readonly code: string, message: string, readonly wait: number) {
    super(message);
  }
}

async function ask(path: string, body?: object): Promise<Answer> {
  const answer = await fetch(path, body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {});
  const json = (await answer.json()) as Answer;
  if (!answer.ok) throw new Refused(json.error?.code ?? "", json.error?.message ?? answer.statusText, Number(answer.headers.get("Retry-After")) || 0);
  return json;
}

/** startSession asks who is signed in. */
export async function startSession(): Promise<void> {
  take(await ask("/auth/session"));
}

/** signIn throws what the node refused, or a TypeError when nobody answers. */
export async function signIn(email: string, password: string): Promise<void> {
  take(await ask("/auth/sign-in", { email, password }));
}

export async function signOut(): Promise<void> {
  await ask("/auth/sign-out", {});
  location.assign("/");
}
