import { list } from "./format";
import { fieldName, inEnglish, t, word, type Key } from "./i18n";

/** How one of the values in a sentence is told, given the kind of record that is asked about. */
type Teller = (value: string, kind: string) => string;

const plain: Teller = (value) => value;
const kindWord: Teller = (value) => word("Kinds", value);
const actionWord: Teller = (value) => word("Action", value);
const scopeWord: Teller = (value) => word("RowScope", value.toUpperCase());
const levelWord: Teller = (value) => t(("level." + value) as Key);
/** "role SALES, SUPPORT"; a principal that is nobody's role is told as it is. */
const whoWord: Teller = (value) => (value.startsWith("role ") ? list(value.slice("role ".length).split(", ").map((r) => word("Role", r))) : value);

type Sentences = Readonly<Record<string, { says?: Key; values?: readonly Teller[] }>>;

/**
 * The sentences by which the node explains conditions, as it forms them, with what they say in the reader's language. A test
 * compares them with those that package policy has. One without a text is said by what stands beside it on the screen.
 */
const conditions: Sentences = {
  "shows field %s, of class %s": { says: "clause.says.field", values: [(v, kind) => fieldName(kind, v), (v) => word("Class", v)] },
  "shows a field at least": { says: "clause.says.fields" },
  "reaches rows that nobody in the firm keeps, with scope firm": { says: "clause.says.keeper" },
  "reaches rows of scope %s; this one is of scope %s": { says: "clause.says.scope", values: [scopeWord, scopeWord] },
  "%s may %s records of kind %s": { says: "clause.says.role", values: [whoWord, actionWord, kindWord] },
  "the token's scopes have %s on %s": { says: "clause.says.token", values: [actionWord, kindWord] },
  "belongs to team %s, for which the record is meant": { says: "clause.says.team" },
  "has an audience that names the firm": { says: "clause.says.audience" },
  "lies with its owner on this node": {},
  "belongs to a firm with which the partnership is active": {},
  "is a firm with which the partnership is active": { says: "clause.says.partner" },
  "the rules between firms allow %s on %s without an agreement": { says: "clause.says.between", values: [actionWord, kindWord] },
  "was addressed to the firm, and sent": {},
  "belongs to a %s of the firm's own": { says: "clause.says.parent.own", values: [kindWord] },
  "belongs to a %s of the same owner that is reached without an agreement": { says: "clause.says.parent.owner", values: [kindWord] },
  "belongs to a %s that the agreement opens": { says: "clause.says.parent.opened", values: [kindWord] },
  "the owner has a sharing agreement with the firm": {},
  "has a term on kind %s": { says: "clause.says.kind", values: [kindWord] },
  "term %d has not ended": { says: "clause.says.term", values: [plain] },
  "is one of the people in the teams for which it is open": {},
  "level %s lets records be read": { says: "clause.says.level", values: [levelWord] },
  "term %d allows %s": { says: "clause.says.action", values: [plain, actionWord] },
  "is granted under the agreement": {},
  "agreement %q lets firm %s pass the record on to one more firm": { says: "clause.says.passedOn", values: [plain] },
  "meets %s": { says: "clause.says.filter", values: [plain] },
  // With why it is not, which stands beside the name of the agreement.
  "agreement %q, version %d, is in force%s": {},
};

/** What hinders an agreement, as a preview of it tells. The test compares these with those of package partners. */
const hindrances: Sentences = {
  "the partnership between the two firms must be active": { says: "hindrance.partnership" },
  "the records that it passes on are those of another firm, and are not in this preview": { says: "hindrance.passed" },
  "the partnership under which the agreement is made must be active": { says: "hindrance.under" },
  "the paper that the agreement requires must be there": { says: "hindrance.paper" },
  "the agreement, or what it rests on, has run out": { says: "hindrance.over" },
};

/** What cannot be told of the past any more. The test compares these with those of package partners. */
const gaps: Sentences = {
  "values of %s %s were erased: what rests on them cannot be told": { says: "gap.values", values: [kindWord, plain] },
  "values of people, teams or rules of firm %s were erased: what rests on them cannot be told": { says: "gap.firm" },
  "the firm's own rules were erased: what they denied or allowed cannot be told": { says: "gap.rules" },
};

/** patterns finds the values in a sentence: the longer ones first, which others could be taken for. */
const patterns = Object.entries({ ...conditions, ...hindrances, ...gaps }).sort(([a], [b]) => b.length - a.length).map(([form, said]) => ({
  at: new RegExp("^" + form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%q", '"(.*)"').replaceAll("%d", "(\\d+)").replaceAll("%s", "(.*)") + "$"),
  ...said,
}));

/** A sentence in the reader's language, or as the node says it, which is English. */
export interface Detail {
  text: string;
  english: boolean;
}

/** sentenceWords says a sentence of the node in the reader's language; nothing where the screen says it already. Of conditions the kind of record is given that is asked about. */
export function sentenceWords(text: string, kind = ""): Detail | null {
  if (inEnglish()) return { text, english: true };
  return inWords(text, kind);
}

/** inWords is sentenceWords whatever the language is. */
export function inWords(text: string, kind = ""): Detail | null {
  for (const p of patterns) {
    const found = p.at.exec(text);
    if (!found) continue;
    if (!p.says) return null;
    const told = (p.values ?? []).map((tell, i) => tell(found[i + 1] ?? "", kind));
    return { text: t(p.says, { a: told[0] ?? "", b: told[1] ?? "", c: told[2] ?? "" }), english: false };
  }
  return { text, english: true };
}
