import { ago, bytes, day, money } from "../format";
import { choose, regional, render } from "../i18n";
import { check } from "./check";

const in_ = (locale: string) => ({ plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale) });

check("a place is filled", render("Shared with {firm}", { firm: "Ana & Co" }, in_("en")), "Shared with Ana & Co");
check("a place without value stays to be seen", render("{n} of {total}", { n: 1 }, in_("en")), "1 of {total}");
check("a value is not filled in turn", render("{a}", { a: "{b}", b: "x" }, in_("en")), "{b}");
check("numbers are written as people write them", render("{n} rows", { n: 12345 }, in_("en")), "12,345 rows");

const files = { one: "{n} plik", few: "{n} pliki", many: "{n} plików", other: "{n} pliku" };
for (const [n, want] of [[1, "1 plik"], [2, "2 pliki"], [5, "5 plików"], [12, "12 plików"], [22, "22 pliki"], [0, "0 plików"]] as const) {
  check(`Polish counts ${n}`, render(files, { n }, in_("pl")), want);
}
check("a form that is missing falls back", render({ other: "{n} items" }, { n: 1 }, in_("en")), "1 items");
check("nothing is rendered as nothing", render(undefined, {}, in_("en")), "");

check("the exact language wins", choose(["pt-BR", "fr"], ["en", "fr", "pt"]), "pt");
check("the next wish is taken", choose(["ja", "es-419"], ["en", "es"]), "es");
check("English is the last resort", choose(["ja"], ["en", "es"]), "en");
check("no wish at all", choose([], ["en"]), "en");

check("the browser's region counts", [regional("pt", ["en-US", "pt-BR"]), regional("pt", ["en-US"]), regional("pl", ["fr-FR"])], ["pt-BR", "pt-PT", "pl"]);

const noon = Date.UTC(2026, 2, 1, 12);
check("just now", ago("2026-03-01T11:59:40Z", noon), "just now");
check("minutes", ago("2026-03-01T11:55:00Z", noon), "5 min. ago");
check("yesterday", ago("2026-02-28T12:00:00Z", noon), "yesterday");
check("long ago is a date", ago("2025-02-28T12:00:00Z", noon), "Feb 28, 2025");
check("a day is the same day everywhere", day("2026-01-31"), "Jan 31, 2026");
check("money keeps all digits", money({ amount: "9007199254740993.25", currency: "EUR" }), "€9,007,199,254,740,993.25");
check("money of a currency without minor units", money({ amount: "1500", currency: "JPY" }), "¥1,500");
check("sizes", [bytes(999), bytes(1500), bytes(2_400_000)], ["999 byte", "1.5 kB", "2.4 MB"]);
