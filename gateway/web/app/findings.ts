import { useEffect, useMemo, useState } from "preact/hooks";
import { inEnglish, spoken, t, useLocale } from "./i18n";

/** Something that is wrong with a document, in words, and where in the file it lies. */
export interface Finding {
  severity: "error" | "warning";
  /** The code under which an acknowledgment reports it. */
  code: string;
  message: string;
  remedy: string;
  /** Bytes before it, from the first of the interchange; null when it is about the file as a whole. */
  offset: number | null;
  length: number;
  line: number;
  /** From the outside inwards: "ISA[1]/GS[1]/ST[2]/PTD[1]/DTM[1]/02". */
  path: string;
  /** As the node tells it. */
  raw: unknown;
  /** Whether it is said in the reader's language; else it is English. */
  translated: boolean;
}

const text = (v: unknown): string => (typeof v === "string" ? v : "");
const whole = (v: unknown): number => (typeof v === "number" && Number.isInteger(v) && v >= 0 ? v : 0);

/** findingsOf reads the findings of a record. What is not understood is left out, what is missing is empty. */
export function findingsOf(json: unknown): Finding[] {
  if (!Array.isArray(json)) return [];
  return json
    .filter((x): x is Record<string, unknown> => typeof x === "object" && x !== null && text((x as Record<string, unknown>)["message"]) !== "")
    .map((x) => ({
      severity: text(x["severity"]).toLowerCase() === "warning" ? "warning" : "error",
      code: text(x["code"]),
      message: text(x["message"]),
      remedy: text(x["remedy"]),
      offset: whole(x["line"]) > 0 ? whole(x["position"]) : null,
      length: whole(x["length"]),
      line: whole(x["line"]),
      path: text(x["path"]),
      raw: x,
      translated: false,
    }));
}

/** A finding in words. */
interface Told {
  message: string;
  remedy?: string;
}

/** said puts words in place of those that findings have; without as many of them they stay as they are. */
export const said = (findings: readonly Finding[], texts: readonly Told[] | null): readonly Finding[] =>
  texts?.length === findings.length ? findings.map((f, i) => ({ ...f, message: texts[i]?.message ?? f.message, remedy: texts[i]?.remedy ?? "", translated: true })) : findings;

/** useSaid gives findings in the reader's language, as soon as the node has said them so; until then, and where it has not, they are English. */
export function useSaid(findings: readonly Finding[]): readonly Finding[] {
  const locale = useLocale();
  const [told, tell] = useState<{ of: readonly Finding[]; locale: string; texts: readonly Told[] } | null>(null);
  useEffect(() => {
    if (inEnglish() || findings.length === 0) return;
    const stop = new AbortController();
    fetch(`/trading/findings?language=${spoken()}`, {
      method: "POST", signal: stop.signal, headers: { "content-type": "application/json" }, body: JSON.stringify(findings.map((f) => f.raw)),
    })
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ texts: readonly Told[] }>) : null))
      .then((answer) => answer && tell({ of: findings, locale, texts: answer.texts }))
      .catch(() => undefined); // they stay English
    return () => stop.abort();
  }, [findings, locale]);
  return useMemo(() => said(findings, told?.of === findings && told.locale === locale && !inEnglish() ? told.texts : null), [findings, told, locale]);
}

/** whereOf says in which document and line a finding lies. */
export function whereOf(f: Finding): string {
  const set = /(?:^|\/)ST\[(\d+)\]/.exec(f.path)?.[1];
  return [set && t("finding.transaction", { n: set }), f.line > 0 && t("finding.line", { n: f.line })].filter(Boolean).join(" · ");
}
