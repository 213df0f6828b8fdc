import { inWords } from "../sentences";
import { check } from "./check";

const said = (text: string, kind = "Customer") => inWords(text, kind)?.text;

check("a field is told by its name", said("shows field vatId, of class basic")?.startsWith("VAT"), true);
check("scopes and kinds have words", said("reaches rows of scope own; this one is of scope firm"), "The role reaches one’s own; this record is of those that nobody near keeps");
check("roles have words", said("role SALES, SUPPORT may edit records of kind Customer"), "Sales and Support: edit, Customers");
check("who has no role is told as it is", said("who is no member of the firm may read records of kind Customer"), "who is no member of the firm: read, Customers");
check("values stay as they are", said('agreement "A %s (x), version 2" lets firm 018f pass the record on to one more firm'), "Agreement “A %s (x), version 2” lets the firm pass it on to one more");
check("a filter is data", said('meets country = "PT"'), 'The condition is: country = "PT"');
check("what the screen says already is not said twice", said('agreement "A", version 3, is in force: it is suspended'), undefined);
check("what hinders an agreement has words", inWords("the paper that the agreement requires must be there")?.text, "The paper that the agreement requires must be there");
check("what was erased has words", [inWords("values of Customer 018f-1 were erased: what rests on them cannot be told")?.text, inWords("values of people, teams or rules of firm 018f were erased: what rests on them cannot be told")?.text], ["Values of a record were erased (Customers): what rests on them cannot be told", "Values of that firm’s people, teams or rules were erased: what rests on them cannot be told"]);
check("what is not known stays English", [inWords("is of a new sort", "Customer")?.text, inWords("is of a new sort", "Customer")?.english], ["is of a new sort", true]);
