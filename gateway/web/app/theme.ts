import { memory } from "./store";

export type Theme = "light" | "dark" | "auto";

/** theme is what was chosen here; "auto" follows the system. */
export const theme = (): Theme => (memory.get("theme") as Theme | null) ?? "auto";

/** setTheme chooses light or dark, or follows the system again. */
export function setTheme(to: Theme): void {
  memory.set("theme", to === "auto" ? null : to);
  if (to === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = to;
}

/** isDark tells what is seen at this moment. */
export const isDark = (): boolean => (theme() === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme() === "dark");

export const toggleTheme = (): void => setTheme(isDark() ? "light" : "dark");
