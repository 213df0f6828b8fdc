/** bareId gives the 36-character id within a global one, which is base64url of "Kind:id". */
export function bareId(global: string): string {
  const text = decode(global);
  return text.slice(text.indexOf(":") + 1);
}

/** kindOf gives the kind that a global id names. */
export function kindOf(global: string): string {
  const text = decode(global);
  return text.slice(0, Math.max(0, text.indexOf(":")));
}

function decode(global: string): string {
  try {
    return atob(global.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}

/** globalId is the id of a record as the API names it. */
export const globalId = (kind: string, bare: string): string => btoa(`${kind}:${bare}`).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** newKey makes a word by which the server knows a request that is sent twice. */
export const newKey = (): string => crypto.randomUUID();
