type Forms = Record<string, string>;

const accents: Record<string, string> = { a: "å", e: "é", i: "ï", o: "ö", u: "ü", c: "ç", n: "ñ", s: "š", y: "ý", A: "Å", E: "É", I: "Ï", O: "Ö", U: "Ü", C: "Ç", N: "Ñ", S: "Š" };

/** pseudonym writes a text so that it can be read and is plainly not English; its places stay. */
export function pseudonym(text: string): string {
  const body = text.replace(/\{\w+\}|./gsu, (c) => (c.length > 1 && c.startsWith("{") ? c : (accents[c] ?? c)));
  // German and Polish are about a third longer than English.
  return `⟦${body}${" ~".repeat(Math.ceil(text.length / 6))}⟧`;
}

/** pseudonyms does so with a whole catalogue. */
export function pseudonyms(texts: Record<string, string | Forms>): Record<string, string | Forms> {
  return Object.fromEntries(Object.entries(texts).map(([key, entry]) => [key, typeof entry === "string" ? pseudonym(entry) : { other: pseudonym(entry["other"] ?? "") }]));
}
