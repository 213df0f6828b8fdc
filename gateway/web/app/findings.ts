import { t } from "./i18n";

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
    }));
}

/** whereOf says in which document and line a finding lies. */
export function whereOf(f: Finding): string {
  const set = /(?:^|\/)ST\[(\d+)\]/.exec(f.path)?.[1];
  return [set && t("finding.transaction", { n: set }), f.line > 0 && t("finding.line", { n: f.line })].filter(Boolean).join(" · ");
}
