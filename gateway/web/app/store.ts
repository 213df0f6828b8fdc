import { useEffect, useState } from "preact/hooks";

/** A value that screens watch. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  watch(listener: () => void): () => void;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value of a store, in a component that is drawn again when it changes. */
export function useStore<T>(s: Store<T>): T {
  const [value, set] = useState(s.get());
  useEffect(() => {
    const update = () => set(() => s.get());
    update();
    return s.watch(update);
  }, [s]);
  return value;
}

/** What this browser remembers. It may be full or forbidden; then it remembers nothing. */
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem("fondaco." + key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem("fondaco." + key);
      else localStorage.setItem("fondaco." + key, value);
    } catch {
      // Nothing depends on it.
    }
  },
};

/** useLater gives a value once it has rested for a moment, so that not every key asks the server. */
export function useLater<T>(value: T, milliseconds: number): T {
  const [rested, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(() => value), milliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
