import { typeName } from "../client";
import { countries, named as byName } from "../countries";
import { differences } from "../differences";
import { readDraft } from "../drafts";
import { standing, toControl, toInput, wrongWith } from "../edit";
import { facts } from "../facts.gen";
import { forms } from "../forms";
import { bareId, globalId, kindOf } from "../ids";
import { keyCaps, named } from "../keys";
import { changedLines, spanOf } from "../lines";
import { concerns } from "../refresh";
import { match, ours } from "../router";
import { memory } from "../store";
import { pseudonym } from "../pseudo";
import { canonical } from "../same";
import { ruleLine } from "../screens/rule-composer";
import { enumName, fieldsOf, fieldsWords, mending, wayWords } from "../sight";
import { lastAnswer, readConditions, termsOf, writeConditions } from "../terms";
import { titleOf } from "../screens/documents";
import { windowOf } from "../screens/goods";
import { namesIn, replyTo, subjectOf } from "../screens/timeline";
import { splitValues } from "../ui/conditions";
import { nameOf, seekable } from "../ui/seek";
import { mistake, mistakes, problem, refusal, waitFor, type Outcome } from "../wrong";
import { check } from "./check";

check("a path without parts", match("/customers", "/customers/"), {});
check("a named part", match("/customers/:id", "/customers/a%2Fb"), { id: "a/b" });
check("a path that is longer", match("/customers", "/customers/1"), null);
check("an empty part", match("/customers/:id", "/customers/"), null);
check("a part that is not well encoded", match("/customers/:id", "/customers/%E0"), null);
check("our addresses", ["/", "/deals", "/deals/1", "/dealsx", "/graphiql", "/help"].map(ours), [true, true, true, false, false, false]);

const key = (k: string, more: object = {}) => named({ key: k, ctrlKey: false, metaKey: false, altKey: false, ...more });
check("keys are named", [key("j"), key("K", { ctrlKey: true }), key("k", { metaKey: true }), key("Enter", { altKey: true }), key("?")], ["j", "mod+k", "mod+k", "alt+Enter", "?"]);
check("keys are printed", [keyCaps("g c"), keyCaps("mod+k").slice(1), keyCaps("?")], [["g", "c"], ["K"], ["?"]]);

const id = btoa("Customer:018f3b6e-0000-7000-8000-000000000001").replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
check("a global id is taken apart", [kindOf(id), bareId(id)], ["Customer", "018f3b6e-0000-7000-8000-000000000001"]);
check("what is no id has no kind", kindOf("%%%"), "");
check("names of kinds", [typeName("DEAL_DECISION"), typeName("CUSTOMER")], ["DealDecision", "Customer"]);

check("a subject is the first line", subjectOf("\n  Called Marta \nabout pumps"), "Called Marta");
check("a long subject is cut between characters", Array.from(subjectOf("🐳".repeat(300))).length, 200);
check("a title is the file's name", [titleOf("frame contract.v2.pdf"), titleOf(".gitignore"), titleOf("README")], ["frame contract.v2", ".gitignore", "README"]);

memory.set("draft..note.1", JSON.stringify({ text: "half a thou" }));
check("a draft comes back", readDraft("note.1", { text: "", type: "NOTE" }), { text: "half a thou", type: "NOTE" });
memory.set("draft..note.1", "{broken");
check("a broken draft is none", readDraft("note.1", { text: "" }), { text: "" });
memory.set("draft..note.1", null);

check("terms that are no terms", [termsOf(null).length, termsOf([{ kind: 1 }]).length, termsOf([{ kind: "Customer", level: "GRANTED", actions: ["read"] }]).length], [0, 0, 1]);
const answers = (...list: [string, string, string][]) => ({ state: "OFFERED", addressedToId: "b", acceptances: { nodes: list.map(([ownerId, answer, createdAt]) => ({ ownerId, answer, createdAt })) } });
check("the last answer counts", lastAnswer(answers(["b", "ACCEPTED", "2026-01-01"], ["b", "WITHDRAWN", "2026-02-01"])), "WITHDRAWN");
check("another firm's answer does not", lastAnswer(answers(["c", "ACCEPTED", "2026-01-01"])), null);

const asks = (question: string, id: string, record: { __typename: string } & Record<string, unknown>) => concerns(question, { id }, record);
check("a note concerns the timeline of its customer", [asks("Timeline", "c1", { __typename: "Interaction", customerId: "c1" }), asks("Timeline", "c2", { __typename: "Interaction", customerId: "c1" })], [true, false]);
check("a note that is gone may concern any", asks("Timeline", "c2", { __typename: "Interaction" }), true);
check("a customer concerns lists, and its own screen", [asks("Customers", "", { __typename: "Customer", id: "c1" }), asks("Customer", "c1", { __typename: "Customer", id: "c1" }), asks("Customer", "c2", { __typename: "Customer", id: "c1" }), asks("Deals", "", { __typename: "Customer", id: "c1" })], [true, true, false, false]);
check("a grant concerns all but who one is", [asks("Customers", "", { __typename: "Grant" }), asks("Timeline", "c", { __typename: "Grant" }), asks("Viewer", "", { __typename: "Grant" })], [true, true, false]);
check("who sees a record may follow from what is in it", [concerns("Who", { record: "c1" }, { __typename: "Customer", id: "c1" }), concerns("Why", { record: "c2" }, { __typename: "Customer", id: "c1" }), concerns("Customers", {}, { __typename: "Grant" })], [true, false, true]);
check("a task concerns the lists of tasks alone", [asks("Tasks", "", { __typename: "Task", id: "t" }), asks("Customers", "", { __typename: "Task", id: "t" })], [true, false]);

const day = { type: "day" } as const;
check("how a field stands between two people", [standing("a", "a", "a"), standing("a", "b", "a"), standing("a", "a", "c"), standing("a", "b", "c"), standing("a", "b", "b")], ["untouched", "mine", "theirs", "clash", "theirs"]);
check("amounts are the same by what is in them", standing({ amount: "1", currency: "EUR" }, { currency: "EUR", amount: "1" } as never, { amount: "2", currency: "EUR" }), "theirs");
check("what people write becomes what the API takes", [toInput({ type: "decimal" }, " 7,5 "), toInput({ type: "money" }, { amount: "1 480,50", currency: "EUR" }), toInput({ type: "texts" }, "Ana\n\nBia; Leo"), toInput(day, ""), toInput({ type: "bool" }, false), toInput({ type: "links" }, [])], ["7.5", { amount: "1480.50", currency: "EUR" }, ["Ana", "Bia", "Leo"], null, false, null]);
check("and back", [toControl({ type: "money" }, { amount: "1", currency: "PLN", __typename: "Money" }), toControl(day, null), toControl({ type: "links" }, null), toControl({ type: "texts" }, ["a", "b"])], [{ amount: "1", currency: "PLN" }, "", [], "a\nb"]);
check("what is wrong with a control", [wrongWith({ type: "text", required: true }, "  "), wrongWith({ type: "text", max: 2 }, "abc"), wrongWith({ type: "int" }, "1.5"), wrongWith({ type: "money" }, { amount: "x", currency: "EUR" }), wrongWith(day, "2026-01-31")], ["required", "long", "number", "number", null]);
check("equal JSON has one text", [canonical({ b: 1, a: [{ d: 1, c: 2 }] }), canonical({ a: [{ c: 2, d: 1 }], b: 1 })], ['{"a":[{"c":2,"d":1}],"b":1}', '{"a":[{"c":2,"d":1}],"b":1}']);
const one = { field: "country", op: "eq", value: "PT" };
check("a filter is taken apart", [readConditions(one), readConditions({ or: [one] }), readConditions({ not: one }), readConditions(undefined)], [{ any: false, list: [one] }, { any: true, list: [one] }, null, { any: false, list: [] }]);
check("and put together without what says nothing", [writeConditions({ any: true, list: [one, { ...one, value: [] }] }), writeConditions({ any: true, list: [one, one] }), writeConditions({ any: false, list: [{ ...one, value: "" }] })], [one, { or: [one, one] }, undefined]);
check("values in a list", [splitValues("PT, ES"), splitValues("PT, "), splitValues("")], [["PT", "ES"], ["PT", ""], []]);
check("every form asks for fields that its kind has", Object.entries(forms).flatMap(([kind, f]) => [...f.fresh.flat(), ...f.rows.flat()].filter((name) => !facts[kind]?.fields[name])), []);
check("a link is asked for where it can be searched", Object.entries(forms).flatMap(([kind, f]) => f.rows.flat().filter((name) => /^links?$/.test(facts[kind]?.fields[name]?.type ?? "") && !seekable(facts[kind]?.fields[name]?.to))), []);
check("a global id is put together", globalId("Customer", "018f3b6e-0000-7000-8000-000000000001"), id);
check("names of people", namesIn("Ana Lima, Bia;\nLeo"), ["Ana Lima", "Bia", "Leo"]);
check("when a promotion runs", [windowOf({ startsOn: "2026-02-01", endsOn: "2026-02-28" }, "2026-01-31"), windowOf({ startsOn: "2026-02-01", endsOn: "2026-02-28" }, "2026-02-28"), windowOf({ startsOn: null, endsOn: "2026-02-28" }, "2026-03-01")], ["coming", "running", "over"]);
check("the language of nobody keeps its places", pseudonym("{n} of them").includes("{n} öf thém"), true);

check("kinds as the API's enums name them", ["DealDecision", "Customer", "TradeDocumentLine"].map(enumName).map((e) => [e, typeName(e)]), [["DEAL_DECISION", "DealDecision"], ["CUSTOMER", "Customer"], ["TRADE_DOCUMENT_LINE", "TradeDocumentLine"]]);
check("every country has a name of its own", [countries.length, byName().length, byName().filter((c) => c.name === c.code), new Set(byName().map((c) => c.name)).size], [249, 249, [], 249]);
check("countries stand in the order of their names", byName().findIndex((c) => c.code === "AX") < byName().findIndex((c) => c.code === "AL"), true);

const all = fieldsOf("Contact");
check("fields in the fewest words", [fieldsWords("Contact", all), fieldsWords("Contact", all.filter((f) => f !== "phone")), fieldsWords("Contact", ["name", "email"]), fieldsWords("Contact", [])], ["all fields", "all fields but Telephone", "only Name and E-mail", "no field, only that it is there"]);
check("ways in words", [wayWords("MEMBER", null), wayWords("GRANT", "Deals")], ["one of the firm’s own", "shared one by one under “Deals”"]);
const granted = { path: "GRANT" as const, agreement: { id: "a1" } as never };
const mend = (code: string, reason: Parameters<typeof mending>[0] = granted, ours = true, kind = "Customer") => mending(reason, { code }, "r1", kind, ours)?.href;
check("what is missing leads to where it is mended", [mend("grant"), mend("grant", granted, true, "Task"), mend("agreement"), mend("field"), mend("filter")], ["/customers/r1?open=share", "/sharing/a1", "/sharing/a1", "/sharing/new?from=a1", "/sharing/new?from=a1"]);
check("where there is no agreement one is made", mend("agreement", { path: "AGREEMENT", agreement: null }), "/sharing/new");
check("roles lead to the firm's rules, but not those of another firm", [mend("role", { path: "MEMBER", agreement: null }, false), mend("role")], ["/rules", undefined]);
check("another firm's record is not one's to open", mend("grant", granted, false), undefined);

check("lines that changed", changedLines("a\nb\nc", "a\nx\nc\nd"), [{ sign: "-", line: "b" }, { sign: "+", line: "x" }, { sign: "+", line: "d" }]);
check("the same text has changed nowhere", changedLines("a\nb", "a\nb"), []);
check("an empty text has no lines", changedLines("", "a"), [{ sign: "+", line: "a" }]);
check("where a line lies", [spanOf("ab\ncde\n", 1), spanOf("ab\ncde\n", 2), spanOf("ab", 9)], [[0, 2], [3, 6], [2, 2]]);
check("a rule is written as rules are", ruleLine("f1", { effect: "deny", role: "SALES", kind: "Customer", action: "export", scope: "beyond:own", class: "*" }), "p, role:SALES, f1, Customer, export, beyond:own, *, deny");
const everywhere = ["OWN", "TEAM", "SUBTREE", "FIRM"].map((rows) => ({ rows: rows as "OWN", fields: all }));
const cell = (subject: string, gained: typeof everywhere, lost: typeof everywhere) => ({ subject, kind: "CONTACT" as const, action: "EDIT" as const, gained, lost });
check("who loses the same is named together, before who gains", differences({ cells: [cell("role:SALES", [], everywhere), cell("role:SUPPORT", [], everywhere), cell("role:FINANCE", everywhere.slice(0, 1), [])] }), [
  { gains: false, who: "Sales and Support", what: "Contacts (all of them), edit: all fields" },
  { gains: true, who: "Finance", what: "Contacts (one’s own), edit: all fields" },
]);

const failed = (code: string, more: object = {}) => ({ graphQLErrors: [{ message: "in English", extensions: { code, ...more } }] }) as never;
check("too often is told with the time to wait", [waitFor(failed("THROTTLED", { retryAfter: 7 })), waitFor(failed("DENIED")), refusal(failed("THROTTLED", { retryAfter: 1 })).text], [7, undefined, "Too often. Try again in 1 second."]);
check("who reads English reads the server's words", [refusal(failed("DENIED")), mistake({ code: "INVALID", message: "is no date", path: null })], [{ text: "in English" }, { text: "is no date" }]);
const outcome = (userErrors: object[]) => ({ data: { p: { userErrors } } }) as unknown as Outcome;
check("what was done has no problem", [problem(outcome([])), mistakes(outcome([])).length], [null, 0]);
check("a lost network may be tried again", problem({ error: { networkError: new Error("x"), graphQLErrors: [] } } as never)?.lost, true);
check("the name of a record, whatever it is called", [nameOf({ __typename: "Task", id: "1", taskName: "Call" }), nameOf({ __typename: "Task", id: "1", taskName: null }), nameOf(null)], ["Call", "", ""]);

const note = { id: "n", subject: "s", ownerId: "us", audience: "FIRMS" as const, audienceFirms: ["b", "c"], audienceTeamId: null };
check("a reply is for no more people than its note", [replyTo(note, "us").reply.bounds.firms, replyTo({ ...note, audience: "FIRM" }, "us").reply.bounds.choices, replyTo({ ...note, audience: "TEAM", audienceTeamId: "t" }, "us").to], [["b", "c"], ["TEAM", "FIRM"], { audience: "TEAM", team: "t", firms: [] }]);
check("an answer to another firm goes to it alone", replyTo({ ...note, ownerId: "b", audience: null, audienceFirms: null }, "us").to, { audience: "FIRMS", team: "", firms: ["b"] });
