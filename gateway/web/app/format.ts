import { locale, t } from "./i18n";

const cache = new Map<string, Intl.DateTimeFormat>();

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  let f = cache.get(key);
  if (!f) cache.set(key, (f = new Intl.DateTimeFormat(locale(), options)));
  return f;
}

/** day shows a day without a time zone, "2026-01-31". */
export function day(text: string | null | undefined): string {
  if (!text) return "";
  return dates({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(text + "T00:00:00Z"));
}

/** instant shows a time to the minute. */
export function instant(text: string | null | undefined): string {
  return text ? dates({ dateStyle: "medium", timeStyle: "short" }).format(new Date(text)) : "";
}

/** ago shows a time as people say it: "5 min. ago", "yesterday", "3 Mar 2026". */
export function ago(text: string, now = Date.now()): string {
  const then = new Date(text).getTime();
  const seconds = Math.round((then - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  const size = Math.abs(seconds);
  if (size < 45) return t("time.now");
  if (size < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 86400) return relative.format(Math.round(seconds / 3600), "hour");
  if (size < 7 * 86400) return relative.format(Math.round(seconds / 86400), "day");
  return dates({ dateStyle: "medium" }).format(new Date(then));
}

/** money shows an amount in its currency, which decides the digits after the point. */
export function money(m: { amount: string; currency: string } | null | undefined): string {
  if (!m) return "";
  try {
    // A decimal text keeps all its digits: the amount never becomes a binary fraction.
    return new Intl.NumberFormat(locale(), { style: "currency", currency: m.currency }).format(m.amount as unknown as number);
  } catch {
    return `${m.amount} ${m.currency}`;
  }
}

/** number shows a whole number. */
export const number = (n: number): string => new Intl.NumberFormat(locale()).format(n);

/** percent shows a discount, which the API gives as a number of hundredths. */
export function percent(text: string): string {
  const n = Number(text);
  return Number.isFinite(n) ? new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 2 }).format(n / 100) : text;
}

/** bytes shows a size. */
export function bytes(n: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return new Intl.NumberFormat(locale(), { style: "unit", unit: units[i] ?? "byte", unitDisplay: "short", maximumFractionDigits: n < 10 && i > 0 ? 1 : 0 }).format(n);
}

/** country shows a country by its name. */
export function country(code: string | null | undefined): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames(locale(), { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** list joins words: "Ana, Bia and Leo". */
export function list(words: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(words);
}

/** either joins words of which one holds: "Ana, Bia or Leo". */
export function either(words: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "disjunction" }).format(words);
}
