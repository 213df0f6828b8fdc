import { typeName } from "../client";
import { readDraft } from "../drafts";
import { bareId, kindOf } from "../ids";
import { keyCaps, named } from "../keys";
import { concerns } from "../refresh";
import { match, ours } from "../router";
import { memory } from "../store";
import { lastAnswer, opens, termsOf } from "../terms";
import { titleOf } from "../screens/documents";
import { subjectOf } from "../screens/timeline";
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

const term = { kind: "Customer", level: "GRANTED" as const, actions: ["read"], classes: ["personal" as const] };
check("what a term opens", ["name", "email", "annualRevenue", "creditLimit", "nonsense"].map((f) => opens(term, f)), [true, true, false, false, false]);
check("internal fields stay closed whatever a term says", opens({ ...term, classes: ["internal"] }, "creditLimit"), false);
check("terms that are no terms", [termsOf(null).length, termsOf([{ kind: 1 }]).length, termsOf([term]).length], [0, 0, 1]);
const answers = (...list: [string, string, string][]) => ({ state: "OFFERED", addressedToId: "b", acceptances: { nodes: list.map(([ownerId, answer, createdAt]) => ({ ownerId, answer, createdAt })) } });
check("the last answer counts", lastAnswer(answers(["b", "ACCEPTED", "2026-01-01"], ["b", "WITHDRAWN", "2026-02-01"])), "WITHDRAWN");
check("another firm's answer does not", lastAnswer(answers(["c", "ACCEPTED", "2026-01-01"])), null);

const asks = (question: string, id: string, record: { __typename: string } & Record<string, unknown>) => concerns(question, { id }, record);
check("a note concerns the timeline of its customer", [asks("Timeline", "c1", { __typename: "Interaction", customerId: "c1" }), asks("Timeline", "c2", { __typename: "Interaction", customerId: "c1" })], [true, false]);
check("a note that is gone may concern any", asks("Timeline", "c2", { __typename: "Interaction" }), true);
check("a customer concerns lists, and its own screen", [asks("Customers", "", { __typename: "Customer", id: "c1" }), asks("Customer", "c1", { __typename: "Customer", id: "c1" }), asks("Customer", "c2", { __typename: "Customer", id: "c1" }), asks("Deals", "", { __typename: "Customer", id: "c1" })], [true, true, false, false]);
check("a grant concerns all but who one is", [asks("Customers", "", { __typename: "Grant" }), asks("Timeline", "c", { __typename: "Grant" }), asks("Viewer", "", { __typename: "Grant" })], [true, true, false]);
check("a kind that no screen shows concerns none", asks("Customers", "", { __typename: "Task", id: "t" }), false);
