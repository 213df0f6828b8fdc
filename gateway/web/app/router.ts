import { store, useStore } from "./store";

/** Where the app is: a path and the parameters behind it. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

const place = store<Place>(here());

/** How each list was left: its address with all filters, and the record that was opened from it. */
const left = new Map<string, { address: string; opened: string }>();

/** listAddress leads back to a list as it was left. */
export const listAddress = (root: string): string => left.get(root)?.address ?? root;

/** openedFrom gives the address that was opened last from a list, to go on from there. */
export const openedFrom = (root: string): string | undefined => left.get(root)?.opened;

/** usePlace gives where the app is. */
export const usePlace = (): Place => useStore(place);

/** navigate goes to an address within the app. */
export function navigate(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  const next = new URL(to, location.href).pathname;
  const moved = next !== location.pathname;
  if (moved && next.startsWith(location.pathname + "/")) left.set(location.pathname, { address: location.pathname + location.search, opened: next });
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  place.set(here());
  if (moved) {
    scrollTo(0, 0);
    // A screen reader learns of the new screen by its heading.
    queueMicrotask(() => document.getElementById("main")?.focus({ preventScroll: true }));
  }
}

/** setQuery changes parameters of the address; an empty value takes one away. */
export function setQuery(changes: Record<string, string>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  navigate(location.pathname + (text ? "?" + text : ""), true);
}

/**
 * match holds a path against a pattern such as "/customers/:id" and gives the
 * parts that are named, or null.
 */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.replace(/\/+$/, "").split("/");
  if (want.length !== have.length) return null;
  const named: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const is = have[i] ?? "";
    if (part.startsWith(":")) {
      if (!is) return null;
      try {
        named[part.slice(1)] = decodeURIComponent(is);
      } catch {
        return null;
      }
    } else if (part !== is) return null;
  }
  return named;
}

/** startRouter follows links and the browser's own buttons. */
export function startRouter(): void {
  addEventListener("popstate", () => place.set(here()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a[href]") as HTMLAnchorElement | null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!ours(link.pathname)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

/** ours tells the app's own addresses from those that the server answers by itself. */
export const ours = (path: string): boolean => /^\/(customers|tasks|deals|goods|files|sharing|partners|access|rules)?(\/|$)/.test(path);
