package sdl

import "fondaco/schema"

// roots defines Query, Mutation and Subscription. Root fields are nullable,
// so that an error of one leaves the others.
func (p *printer) roots() {
	query := []element{
		{name: "cursor", typ: "String", doc: "Where the ledger of changes stands. Read it with what is to be followed, and give it to the subscription `changes` as `after`: then nothing falls between."},
		{name: "node", typ: "Node", doc: "The record with this global id, or null if there is none that the reader can see.", args: []element{idArg()}},
		{name: "nodes", typ: "[Node]!", doc: "The records with these global ids, in their order.", args: []element{
			{name: "ids", typ: "[ID!]!", doc: "Global ids, 100 at most."},
		}},
		{name: "sharedView", typ: "SharedView", doc: "A record of one's own firm as another firm sees it by what one's own firm opens to it, now or under a supposition. " +
			"Null for a record that the reader may not share.", args: append([]element{
			{name: "id", typ: "ID!", doc: "Global id of the record."},
			{name: "firmId", typ: "ID!", doc: "Global id of the other firm."},
			{name: "granted", typ: "Boolean", dflt: "false", doc: "Suppose that the record is granted under the agreement."},
		}, supposed...)},
		{name: "sharingPreview", typ: "SharingPreview", doc: "What another firm sees of the records of one's own firm, and what it would see under a supposition: " +
			"rows, fields and a sample, by the very statements by which that firm will read.", args: append([]element{
			{name: "firmId", typ: "ID!", doc: "Global id of the other firm."},
			{name: "grants", typ: "[ID!]", doc: "Suppose that these records are granted under the agreement; 100 at most."},
			{name: "ended", typ: "Boolean", dflt: "false", doc: "Suppose that the agreement opens nothing any more."},
			{name: "sample", typ: "Int", dflt: "3", doc: "How many records of each kind are shown; 20 at most."},
		}, supposed...)},
		{name: "viewer", typ: "Viewer", doc: "Who is asking."},
	}
	query = append(query, accessRoots()...)
	for _, k := range schema.Kinds() {
		list := append(pageArgs(), listArgs(k)...)
		if Searchable(k) {
			list = append(list, element{name: "search", typ: "String", doc: "Only those in which all these words are found, whatever the case and the accents."})
		}
		query = append(query,
			element{name: k.Field, typ: k.Name, doc: "One of the " + words(k.Plural) + ", or null if there is none that the reader can see.", args: []element{idArg()}},
			element{name: k.Plural, typ: k.Name + "Connection", doc: "The " + words(k.Plural) + " that the reader can see.", args: list})
	}
	p.object("Query", "All there is to read.", query...)

	var mutation []element
	for _, c := range Commands() {
		mutation = append(mutation, element{name: c.Name, typ: capital(c.Name) + "Payload", doc: c.doc, args: []element{
			{name: "input", typ: capital(c.Name) + "Input!", doc: "What it needs."},
		}})
	}
	p.object("Mutation", "All there is to do. Several in one request are done one after another.", mutation...)

	p.object("Subscription", "All there is to follow.", element{
		name: "changes", typ: "Change!", doc: "Each change of a record that the reader can see, as it happens.", args: []element{
			{name: "kinds", typ: "[RecordKind!]", doc: "Only these kinds; without it, all."},
			{name: "after", typ: "String", doc: "The `cursor` of a change seen before: first comes what happened since."},
			{name: "watch", typ: "[ID!]", doc: "Global ids of records that the client holds, 1000 at most. It is told when one of them leaves the reader's view, as it is of those that the subscription has brought."},
		}})
}

// supposed are the arguments that say what is supposed.
var supposed = []element{
	{name: "sharingAgreementId", typ: "ID", doc: "Suppose that this sharing agreement is offered and accepted as it is written now."},
	{name: "terms", typ: "JSON", doc: "Suppose these terms in place of those of the agreement, or alone."},
}

func idArg() element { return element{name: "id", typ: "ID!", doc: "Global id."} }
