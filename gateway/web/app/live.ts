import { useEffect, useState } from "preact/hooks";
import { online, typeName, wire, type Connection } from "./client";
import { Changes, type ChangesData, type ChangesVariables } from "./operations/shell.gen";

export type Change = ChangesData["changes"];

const listeners = new Set<(change: Change) => void>();

/** The records on screen, by the parts of the screen that show them. */
const watched = new Map<object, readonly string[]>();
let rewatch: (() => void) | null = null;

/**
 * useWatch names the records that are on screen: of these one hears also when
 * they are deleted or taken back.
 */
export function useWatch(ids: readonly string[]): void {
  const key = ids.join();
  useEffect(() => {
    const part = {};
    watched.set(part, ids);
    rewatch?.();
    return () => {
      watched.delete(part);
      rewatch?.();
    };
  }, [key]);
}

/** startNews listens to what changes, until the function that it gives is called. */
export function startNews({ refresher }: Connection): () => void {
  const heard = (change: Change) => {
    refresher.touch({ ...change.record, __typename: typeName(change.kind), id: change.id });
    for (const listener of [...listeners]) listener(change);
  };
  let after: string | null = null;
  let names: string | null = null;
  let stop = () => {};
  let due = 0;
  const listen = () => {
    const watch = [...new Set([...watched.values()].flat())].sort().slice(0, 1000);
    if (names === watch.join()) return;
    names = watch.join();
    // Before there is a cursor to go on from, the old subscription ends only when the new one surely runs.
    setTimeout(stop, after === null ? 3000 : 0);
    // The payload is sent anew when the connection was lost: with the last cursor in it nothing is missed.
    const variables: ChangesVariables = { after, watch };
    stop = wire.subscribe<ChangesData>({ query: Changes as unknown as string, variables }, {
      next({ data }) {
        if (!data?.changes) return;
        after = variables.after = data.changes.cursor;
        heard(data.changes);
      },
      error: again,
      complete: () => undefined,
    });
  };
  // A subscription that the node ended is begun anew, from where it was.
  const again = () => {
    names = null;
    clearTimeout(due);
    due = window.setTimeout(listen, 2000);
  };
  // A screen comes up in parts; they are waited for.
  rewatch = () => {
    clearTimeout(due);
    due = window.setTimeout(listen, 150);
  };
  rewatch();
  let away = false;
  const unwatch = online.watch(() => {
    // What was missed while there was no cursor to go on from is asked for.
    if (online.get() && away) refresher.touchAll();
    away = online.get() === false;
  });
  return () => {
    unwatch();
    clearTimeout(due);
    rewatch = null;
    stop();
  };
}

/** belongsTo tells whether a change is about a record on screen, or about one that lies beneath it. */
export function belongsTo(change: Change, id: string): boolean {
  if (change.id === id) return true;
  return Object.entries(change.record ?? {}).some(([name, value]) => name.endsWith("Id") && name !== "ownerId" && value === id);
}

/** useNews calls back for each change. */
export function useNews(listener: (change: Change) => void, inputs: readonly unknown[]): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, inputs);
}

/**
 * useForeign gives the last change that another firm made to what is on
 * screen, and a function that puts the badge away.
 */
export function useForeign(own: string, concerns: (change: Change) => boolean, inputs: readonly unknown[]): [Change | null, () => void] {
  const [last, set] = useState<Change | null>(null);
  useEffect(() => set(null), inputs);
  useNews((change) => {
    if (change.byFirmId && change.byFirmId !== own && concerns(change)) set(change);
  }, [own, ...inputs]);
  return [last, () => set(null)];
}

