import { useLayoutEffect, useRef } from "preact/hooks";
import { memory, store } from "./store";

/** A key and what it does, as the sheet of shortcuts shows it. */
export interface Binding {
  /** "j", "g c" for one after the other, "mod+k" with Ctrl or Command, "Escape". */
  keys: string;
  label: string;
  run: () => void;
}

interface Layer {
  bindings: Binding[];
  depth: number;
}

const layers = new Set<Layer>();

/** How many dialogs lie on the page; only keys of the topmost are heard. */
export const depth = store(0);

/** bindings lists what the keys do at this moment. */
export function bindings(): Binding[] {
  const top = depth.get();
  return [...layers].filter((l) => l.depth === top).flatMap((l) => l.bindings);
}

/** Single keys can be switched off, for people who speak or bump into keys. */
export const singleKeys = {
  on: () => memory.get("keys") !== "off",
  set: (on: boolean) => memory.set("keys", on ? null : "off"),
};

/** useKeys binds keys while the component is on screen. */
export function useKeys(list: Binding[]): void {
  const layer = useRef<Layer>({ bindings: [], depth: 0 }).current;
  layer.bindings = list;
  // Before the screen is painted: who sees it may press a key at once.
  useLayoutEffect(() => {
    layer.depth = depth.get();
    layers.add(layer);
    return () => void layers.delete(layer);
  }, []);
}

const typing = (e: KeyboardEvent): boolean => {
  const at = e.target as HTMLElement | null;
  return !!at?.closest?.("input:not([type=radio],[type=checkbox],[type=button]),textarea,select,[contenteditable]");
};

let first = "";
let timer = 0;

/** named is the name of a key with its modifiers. */
export function named(e: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = e.key.length === 1 && (e.ctrlKey || e.metaKey) ? e.key.toLowerCase() : e.key;
  return (e.ctrlKey || e.metaKey ? "mod+" : "") + (e.altKey ? "alt+" : "") + key;
}

function heard(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat && event.key !== "j" && event.key !== "k") return;
  const key = named(event);
  const plain = !key.includes("+") && key.length === 1;
  if (plain && (typing(event) || !singleKeys.on())) return;
  const top = depth.get();
  const active = [...layers].filter((l) => l.depth === top).flatMap((l) => l.bindings);
  const both = first + " " + key;
  // What was bound last, by the part of the screen that came last, wins.
  const hit = (first && active.findLast((b) => b.keys === both)) || active.findLast((b) => b.keys === key);
  clearTimeout(timer);
  first = "";
  if (hit) {
    event.preventDefault();
    hit.run();
  } else if (plain && active.some((b) => b.keys.startsWith(key + " "))) {
    first = key;
    timer = window.setTimeout(() => (first = ""), 1200);
  }
}

/** startKeys listens to the keyboard. */
export function startKeys(): void {
  addEventListener("keydown", heard);
}

const mac = /Mac|iP(hone|ad)/.test(navigator.platform);

/** keyCaps splits the name of keys into what is printed on them. */
export function keyCaps(keys: string): string[] {
  return keys.split(" ").flatMap((k) => (k.includes("+") ? k.toUpperCase().replace("MOD", "mod").split(/\+(?!$)/) : [k])).map((k) => ({ mod: mac ? "⌘" : "Ctrl", ENTER: "↵", Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" })[k] ?? k);
}
