package sdl

import (
	"slices"

	"fondaco/policy"
)

// AccessEnum is the value of the enum AccessAction that stands for an action
// of policy, and of AccessPath for the name of a path.
func AccessEnum[T ~string](name T) string { return upperSnake(string(name)) }

// ActionOf gives the action that a value of the enum AccessAction stands for.
func ActionOf(value string) policy.Action {
	for _, a := range policy.Actions() {
		if AccessEnum(a) == value {
			return a
		}
	}
	return ""
}

// actionDocs describes the actions of policy.
var actionDocs = map[policy.Action]string{
	policy.Read:       "See it.",
	policy.Create:     "Make one.",
	policy.Edit:       "Change it.",
	policy.Comment:    "State something beside it, such as a note on a customer.",
	policy.Attach:     "Put a document beside it.",
	policy.Assign:     "Choose who looks after it.",
	policy.Share:      "Open it to another firm, or close it again.",
	policy.Approve:    "Decide on what another firm asks for.",
	policy.Delete:     "Withdraw it.",
	policy.Export:     "Take many of them out at once.",
	policy.Transfer:   "Give it to another owner.",
	policy.Administer: "Change who may do what.",
	policy.Send:       "Let it leave to another firm as a message.",
	policy.Receive:    "Take it in from another firm's message.",
}

// access defines what tells who sees what, and why.
func (p *printer) access() {
	var actions []element
	for _, a := range policy.Actions() {
		actions = append(actions, element{name: AccessEnum(a), doc: actionDocs[a]})
	}
	p.enum("AccessAction", "What somebody may want to do with a record.", actions...)
	p.enum("AccessPath", "A way by which a record is reached; there is no other.",
		element{name: "MEMBER", doc: "It lies with the reader's own firm."},
		element{name: "AGREEMENT", doc: "Its owner shares all such records, or those that meet a filter."},
		element{name: "GRANT", doc: "Its owner opened this single record under an agreement."},
		element{name: "ADDRESSED", doc: "Its owner addressed it to the reader's firm, and sent it."},
		element{name: "PARENT", doc: "It belongs to a record that is reached."},
		element{name: "PARENT_OWNED", doc: "It belongs to a record of the reader's own firm, and names that firm."})
	p.why()
	p.who()
	p.object("Sighting", "A record that somebody sees, and which fields of it.",
		erased, uncertain,
		element{name: "fields", typ: "[String!]!", doc: "The names of the fields that are seen."},
		element{name: "id", typ: "ID!", doc: "Global id of the record."},
		element{name: "owner", typ: "Firm", doc: "The firm that owns it."},
		element{name: "ownerId", typ: "ID!", doc: "Global id of that firm."},
		element{name: "record", typ: "Record", doc: "The record as the one who asks sees it."})
	p.plainConnection("Sighting", "records that somebody sees", gaps)
	p.seen()
	p.knowledge()
}

// What answers about a past time tell beside the rest.
var (
	gaps      = element{name: "gaps", typ: "[String!]!", doc: "What was erased since on which an answer about a past time rests, in sentences."}
	erased    = element{name: "erased", typ: "[String!]!", doc: "The names of the fields that were seen at a past time, and whose values were erased since."}
	uncertain = element{name: "uncertain", typ: "Boolean!", doc: "Whether the record, or more fields of it, may have been seen at a past time by a value that was erased since."}
	when      = element{name: "at", typ: "DateTime", doc: "As at this past time, which is told of one's own firm's records; without it, now."}
)

// seen defines records as somebody sees them, or saw them at a past time.
func (p *printer) seen() {
	p.object("SeenRecord", "A record of one's own firm as somebody sees it, or saw it at a past time.",
		element{name: "createdAt", typ: "DateTime!", doc: "When the record was made."},
		erased,
		element{name: "fields", typ: "JSON!", doc: "What is seen: an object of field names and values, without what was erased and what the one who asks may not read."},
		element{name: "gaps", typ: "[String!]!", doc: gaps.doc},
		element{name: "id", typ: "ID!", doc: "Global id of the record."},
		element{name: "seenFields", typ: "[String!]!", doc: "The names of the fields that are seen."},
		uncertain,
		element{name: "updatedAt", typ: "DateTime!", doc: "When a field that is seen was changed last."},
		element{name: "version", typ: "Int!", doc: "The version that the viewer is told of."},
		element{name: "withheld", typ: "[String!]!", doc: "The names of the fields that are seen, and that the one who asks may not read."})
	p.plainConnection("SeenRecord", "records of a kind as somebody sees them")
}

func (p *printer) why() {
	fields := element{name: "fields", typ: "[String!]!", doc: "The names of the fields that it shows, or that can be set by it."}
	p.object("AccessExplanation", "Why somebody may do something with a record, or why not.",
		element{name: "allowed", typ: "Boolean!", doc: "Whether some reason holds."},
		gaps,
		element{name: "uncertain", typ: "Boolean!", doc: "Whether a value of the record was erased that decided, at a past time, by which ways it was reached."},
		element{name: "fields", typ: "[String!]!", doc: "The names of the fields that all reasons which hold show together."},
		element{name: "nearest", typ: "AccessReason", doc: "Where no reason holds, the one that lacks least. " +
			"It is told to those alone who administer the firm that owns the record."},
		element{name: "reasons", typ: "[AccessReason!]!", doc: "The reasons that hold. Who administers the firm that owns the record gets the others too, the nearest first."})
	p.object("AccessReason", "One way by which a record is reached, or could be.",
		element{name: "agreement", typ: "AccessBasis", doc: "The sharing agreement on which it rests, if it rests on one."},
		element{name: "clauses", typ: "[AccessClause!]!", doc: "Its conditions, all of which must hold."},
		fields,
		element{name: "holds", typ: "Boolean!", doc: "Whether all conditions hold."},
		element{name: "missing", typ: "[AccessClause!]!", doc: "The conditions that do not hold."},
		element{name: "path", typ: "AccessPath!", doc: "The way."},
		element{name: "rules", typ: "[String!]!", doc: "The lines of policy that speak of it, each with its source; for administrators and auditors."})
	p.object("AccessClause", "A condition of a reason.",
		element{name: "code", typ: "String!", doc: "Names the condition, for a program."},
		element{name: "holds", typ: "Boolean!", doc: "Whether it holds."},
		element{name: "text", typ: "String!", doc: "The condition, for a person, in English."})
	p.object("AccessBasis", "The sharing agreement on which a reason rests. What it says in detail is told to those who may read agreements.",
		element{name: "from", typ: "DateTime", doc: "It opens nothing before."},
		element{name: "grantor", typ: "Firm", doc: "The firm that shares."},
		element{name: "grantorId", typ: "ID!", doc: "Global id of that firm."},
		element{name: "id", typ: "ID", doc: "Global id of the sharing agreement."},
		element{name: "name", typ: "String", doc: "Its name."},
		element{name: "purpose", typ: "String", doc: "What the sharing is for."},
		element{name: "sharingAgreement", typ: "SharingAgreement", doc: "The agreement itself."},
		element{name: "standing", typ: "String!", doc: "Where it stands, such as ACCEPTED or SUSPENDED."},
		element{name: "term", typ: "Int", doc: "The term that speaks of the kind, from 1."},
		element{name: "until", typ: "DateTime", doc: "It opens nothing from then on."},
		element{name: "version", typ: "Int", doc: "The version of its text."})
}

func (p *printer) who() {
	p.object("Seer", "A person of one's own firm, or another firm, who sees a record. A firm sees what somebody or other of its people may see.",
		element{name: "fields", typ: "[String!]!", doc: "The names of the fields that are seen."},
		element{name: "firm", typ: "Firm", doc: "The firm, if it is one."},
		element{name: "firmId", typ: "ID", doc: "Global id of the firm, if it is one."},
		element{name: "paths", typ: "[SeerPath!]!", doc: "The ways by which it is seen."},
		element{name: "user", typ: "User", doc: "The person, if it is one."},
		element{name: "userId", typ: "ID", doc: "Global id of the person, if it is one."})
	p.object("SeerPath", "A way by which a record is seen.",
		element{name: "agreement", typ: "SharingAgreement", doc: "The sharing agreement that opens it, if one does."},
		element{name: "agreementId", typ: "ID", doc: "Global id of that agreement."},
		element{name: "fields", typ: "[String!]!", doc: "The names of the fields that it shows."},
		element{name: "path", typ: "AccessPath!", doc: "The way."})
	p.plainConnection("Seer", "those who see a record", gaps,
		element{name: "uncertain", typ: "[Seer!]!", doc: "Those who may have seen it at a past time, or more fields of it, by a value that was erased since; without fields and paths."})
}

// knowledge defines what is told of other firms' records without showing any.
func (p *printer) knowledge() {
	p.object("SharedCount", "How many records another firm has, no more.",
		element{name: "atLeast", typ: "Int!", doc: "There are so many, and fewer than this and the floor together."},
		element{name: "firm", typ: "Firm", doc: "The firm that has them."},
		element{name: "firmId", typ: "ID!", doc: "Global id of that firm."},
		element{name: "floor", typ: "Int!", doc: "The step in which is counted, and below which nothing is told."})
	p.object("Overlap", "A record of one's own firm that another firm holds too. Of the other firm's record nothing is told.",
		element{name: "firm", typ: "Firm", doc: "The firm that holds it too."},
		element{name: "firmId", typ: "ID!", doc: "Global id of that firm."},
		element{name: "record", typ: "Record", doc: "One's own record."},
		element{name: "recordId", typ: "ID!", doc: "Global id of one's own record."})
	p.plainConnection("Overlap", "records of one's own firm that others hold too")
}

// plainConnection defines a connection of objects that are no records. It is
// not counted, and goes forward alone.
func (p *printer) plainConnection(node, what string, more ...element) {
	p.object(node+"Connection", "A page of the "+what+".", append(more,
		element{name: "edges", typ: "[" + node + "Edge!]!", doc: "The entries on the page, with their cursors."},
		element{name: "nodes", typ: "[" + node + "!]!", doc: "The entries on the page."},
		element{name: "pageInfo", typ: "PageInfo!", doc: "Where the page lies in the list."})...)
	p.object(node+"Edge", "An entry of a list, and where it lies.",
		element{name: "cursor", typ: "String!", doc: "Where it lies, to be given as `after`."},
		element{name: "node", typ: node + "!", doc: "The entry."})
}

// accessRoots are the queries that tell who sees what, and why.
func accessRoots() []element {
	kind := element{name: "kind", typ: "RecordKind!", doc: "The kind of records."}
	record := element{name: "recordId", typ: "ID!", doc: "Global id of the record."}
	viewer := element{name: "viewerId", typ: "ID!", doc: "Global id of a person of one's own firm or of a partner on the same node, or of another firm; of the latter two, what they see of one's own firm's records."}
	paged := func(args ...element) []element {
		return append(slices.Clone(args),
			element{name: "first", typ: "Int!", doc: "How many entries the page shall have, 1 to 100."},
			element{name: "after", typ: "String", doc: "Only what follows this cursor of the same list."})
	}
	return []element{
		{name: "why", typ: "AccessExplanation", doc: "Why somebody may do something with a record, or with a field of it. Of a record that is out of reach " +
			"nothing is told, as of one that does not exist.", args: []element{
			record,
			{name: "action", typ: "AccessAction", dflt: "READ", doc: "What is to be done with it."},
			{name: "field", typ: "String", doc: "Name of a field of the record; without it, the record as such."},
			{name: "as", typ: "ID", doc: "Global id of a person of one's own firm, or of another firm; without it, who asks. For administrators. " +
				"Of another firm it is told what it sees of one's own firm's records."},
			when,
			{name: "node", typ: "Boolean", dflt: "false", doc: "With another firm: what may be sent to its node, rather than what somebody or other of its people may see."},
		}},
		{name: "who", typ: "SeerConnection", doc: "Who sees a record: people of one's own firm and, of one's own firm's record, the other firms to which it is open. " +
			"For administrators and auditors.", args: paged(record, when)},
		{name: "what", typ: "SightingConnection", doc: "The records of a kind that somebody sees. For administrators and auditors.", args: paged(viewer, kind, when)},
		{name: "seenRecord", typ: "SeenRecord", doc: "A record of one's own firm as somebody sees it, or saw it at a past time; null if it is not seen. " +
			"For administrators and auditors.", args: []element{viewer, record, when}},
		{name: "seenRecords", typ: "SeenRecordConnection", doc: "The records of a kind of one's own firm as somebody sees them, or saw them at a past time. " +
			"For administrators and auditors.", args: paged(viewer, kind, when)},
		{name: "sharedCounts", typ: "[SharedCount!]", doc: "How many records of a kind other firms have that let them be counted, by an agreement of level COUNTS. " +
			"It can be asked so often and no more: an error of code THROTTLED tells when to try again.", args: []element{kind, {name: "filter", typ: "JSON",
			doc: "Only those that match, as terms of sharing are written: {\"field\": \"country\", \"op\": \"eq\", \"value\": \"PT\"}. It may compare fields whose values are few."}}},
		{name: "overlaps", typ: "OverlapConnection", doc: "The records of one's own firm that other firms hold too, as far as these let it be known by an agreement of level OVERLAP. " +
			"It can be asked so often and no more: an error of code THROTTLED tells when to try again.", args: paged(kind)},
		{name: "policyRules", typ: "PolicyRules", doc: "The rules that one's own firm has set beside those that come with the program. For administrators and auditors."},
	}
}
