import type english from "./locales/en.json";
import type more from "./locales/later/en.json";
import { memory, store, useStore } from "./store";

/** A text with a form for each plural category that the language has. */
type Forms = { [category in Intl.LDMLPluralRule]?: string };
type Catalogue = Record<string, string | Forms>;

export type Key = keyof typeof english | keyof typeof more;
export type Values = Record<string, string | number>;

/** The languages that have a complete catalogue in locales/. */
export const locales: readonly string[] = ["en", "pt", "pl", "fr", "es"];

interface Language {
  /** The language of the catalogue. */
  code: string;
  /** The same with the region whose customs hold for numbers, days and amounts. */
  locale: string;
  texts: Catalogue;
  plural: Intl.PluralRules;
  number: Intl.NumberFormat;
}

/** regional adds the region that the browser asks for; Portuguese without one is that of Portugal. */
export function regional(code: string, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().startsWith(code + "-")) ?? (code === "pt" ? "pt-PT" : code);
}

function language(code: string, locale: string, texts: Catalogue): Language {
  return { code, locale, texts, plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale) };
}

const current = store<Language>(language("en", regional("en", navigator.languages), {}));

/** choose picks the first of the wanted languages that there is: "pt-BR" takes "pt". */
export function choose(wanted: readonly string[], have: readonly string[]): string {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split("-")[0] ?? "";
    const found = have.find((l) => l.toLowerCase() === tag.toLowerCase()) ?? have.find((l) => l === base);
    if (found) return found;
  }
  return "en";
}

/** Whether the texts of the screens that are fetched later are there. */
let later = false;

/** catalogue fetches the texts of a language, and of no other: each has all of them. */
async function catalogue(code: string): Promise<Catalogue> {
  if (code === pseudo) return (await import("./pseudo")).pseudonyms(await catalogue("en"));
  const parts = await Promise.all([import(`./locales/${code}.json`), ...(later ? [import(`./locales/later/${code}.json`)] : [])]);
  return Object.assign({}, ...parts.map((part) => (part as { default: Catalogue }).default)) as Catalogue;
}

/** useCatalogue loads a language and makes it the one that is shown. */
export const useCatalogue = async (code: string): Promise<void> => speak(code, await catalogue(code));

/** moreWords fetches the texts of the screens that are fetched later. */
export async function moreWords(): Promise<void> {
  if (later) return;
  later = true;
  try {
    await useCatalogue(current.get().code);
  } catch (e) {
    later = false;
    throw e;
  }
}

/** speak shows the texts of a language that are there. */
export function speak(code: string, texts: Catalogue): void {
  current.set(language(code, code === pseudo ? "pl" : regional(code, navigator.languages), texts));
  document.documentElement.lang = code;
}

/** A language that nobody speaks, to find what would stay English: longer than English, in brackets, its numbers and days as in Poland. */
const pseudo = "en-XA";

/** startLanguage picks the language: chosen here before, else what the browser prefers. Without any there is nothing to be shown. */
export async function startLanguage(): Promise<void> {
  const chosen = memory.get("locale");
  const locale = chosen === pseudo ? pseudo : choose(chosen ? [chosen, ...navigator.languages] : navigator.languages, locales);
  await useCatalogue(locale);
}

/** setLanguage shows another language, and remembers it. */
export async function setLanguage(locale: string): Promise<void> {
  await useCatalogue(locale);
  memory.set("locale", locale);
}

/** render fills a text's places, {name}, and picks the form for values.n. */
export function render(entry: string | Forms | undefined, values: Values, l: Pick<Language, "plural" | "number">): string {
  if (entry === undefined) return "";
  const n = values["n"];
  const form = typeof entry === "string" ? entry : ((typeof n === "number" ? entry[l.plural.select(n)] : undefined) ?? entry.other ?? "");
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? l.number.format(value) : value;
  });
}

/** t gives a text in the language that is shown. */
export function t(key: Key, values: Values = {}): string {
  const l = current.get();
  return render(l.texts[key], values, l);
}

/** maybe gives a text whose key is put together, or the fallback. */
export function maybe(key: string, fallback: string): string {
  const l = current.get();
  return render(l.texts[key] ?? fallback, {}, l);
}

/** word shows a value of an enum: "UNDER_REVIEW" as "Under review". */
export function word(enumeration: string, value: string | null | undefined): string {
  if (!value) return "";
  const plain = value.toLowerCase().replaceAll("_", " ");
  return maybe(`enum.${enumeration}.${value}`, plain.charAt(0).toUpperCase() + plain.slice(1));
}

/** fieldName shows the name of a field: "annualRevenue" as "Annual revenue". */
export function fieldName(kind: string, field: string): string {
  const plain = field.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return maybe(`field.${kind}.${field}`, maybe(`field.${field}`, plain.charAt(0).toUpperCase() + plain.slice(1)));
}

/** capital begins a text with a capital letter, as a line of its own does. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(current.get().locale) + text.slice(1);

/** inEnglish tells whether texts are shown in the language of the API. */
export const inEnglish = (): boolean => current.get().code === "en";

export const locale = (): string => current.get().locale;

/** spoken gives the code of the language that is shown, such as "pt". */
export const spoken = (): string => current.get().code;

/** useLocale draws a component again when the language changes. */
export const useLocale = (): string => useStore(current).code;
