import { lazy } from "../ui/lazy";

/** ShareSheet is fetched when it is first opened. */
export const ShareSheet = lazy(() => import("./later").then((m) => m.ShareSheet), true);
