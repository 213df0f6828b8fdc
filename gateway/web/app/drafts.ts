import { useState } from "preact/hooks";
import { session } from "./session";
import { memory } from "./store";

const keyOf = (name: string) => `draft.${session.get()?.user ?? ""}.${name}`;

/** readDraft gives what was typed before and not sent. */
export function readDraft<T extends object>(name: string, empty: T): T {
  const text = memory.get(keyOf(name));
  if (!text) return empty;
  try {
    const kept: unknown = JSON.parse(text);
    return typeof kept === "object" && kept !== null ? { ...empty, ...kept } : empty;
  } catch {
    return empty;
  }
}

/**
 * useDraft is state that outlives a closed tab, a dead server and a lost
 * network: each change is kept in this browser until it is dropped.
 */
export function useDraft<T extends object>(name: string, empty: T): [T, (change: Partial<T>) => void, () => void] {
  const [value, set] = useState(() => readDraft(name, empty));
  const change = (part: Partial<T>) =>
    set((old) => {
      const next = { ...old, ...part };
      memory.set(keyOf(name), JSON.stringify(next));
      return next;
    });
  const drop = () => {
    memory.set(keyOf(name), null);
    set(empty);
  };
  return [value, change, drop];
}
