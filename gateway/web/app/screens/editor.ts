import { useEffect } from "preact/hooks";
import { lazy } from "../ui/lazy";

/** Editor makes and changes records; most visits only read, so it is loaded apart. */
export const Editor = lazy(() => import("./later").then((m) => m.RecordDialog), true);

/** useEditorSoon fetches the editor while nothing else is to be done, so that it opens at once. */
export function useEditorSoon(): void {
  useEffect(() => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => Editor.fetch());
    else setTimeout(() => Editor.fetch(), 500);
  }, []);
}
