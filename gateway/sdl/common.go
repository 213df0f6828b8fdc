package sdl

import (
	"fmt"
	"strings"

	"fondaco/schema"
)

// common defines the types that belong to no kind.
func (p *printer) common() {
	p.scalars()
	p.iface("Node", "Something that is known by a global id.", element{name: "id", typ: "ID!", doc: "Global id, which never changes."})
	p.recordInterface()
	p.object("PageInfo", "Where a page lies in its list.",
		element{name: "hasNextPage", typ: "Boolean!", doc: "Whether more follow."},
		element{name: "hasPreviousPage", typ: "Boolean!", doc: "Whether some come before."},
		element{name: "startCursor", typ: "String", doc: "The cursor of the first on the page, to be given as `before`."},
		element{name: "endCursor", typ: "String", doc: "The cursor of the last on the page, to be given as `after`."})
	p.object("Count", "How many there are, as far as it was worth counting.",
		element{name: "value", typ: "Int!", doc: "How many there are, or the most that were counted."},
		element{name: "isExact", typ: "Boolean!", doc: "Whether there are no more than `value`."})
	p.object("Money", "An amount in one currency.",
		element{name: "amount", typ: "Decimal!", doc: "The amount, with no more decimals than the currency has."},
		element{name: "currency", typ: "String!", doc: "The currency, as three letters of ISO 4217."})
	p.input("MoneyInput", "An amount in one currency.",
		element{name: "amount", typ: "Decimal!", doc: "The amount; it is rounded to the currency's minor units."},
		element{name: "currency", typ: "String!", doc: "The currency, as three letters of ISO 4217."})
	p.enum("OrderDirection", "Whether a list ascends or descends.",
		element{name: "ASC", doc: "The smallest, or the earliest, first."},
		element{name: "DESC", doc: "The greatest, or the latest, first."})
	p.errors()
	p.viewer()
	p.transfer()
	p.changes()
	p.access()
	p.policyRules()
}

func (p *printer) scalars() {
	p.scalar("Date", "https://scalars.graphql.org/andimarek/local-date", "A day without a time or a zone, such as 2026-01-31.")
	p.scalar("DateTime", "https://scalars.graphql.org/andimarek/date-time",
		"An instant in RFC 3339. It is given in UTC with microseconds at most, such as 2026-01-31T12:00:00.5Z.")
	p.scalar("Decimal", "https://www.w3.org/TR/xmlschema11-2/#decimal",
		"An exact decimal number as a string, such as \"12.50\": a sign, digits, a point and digits, without an exponent.")
	p.scalar("JSON", "https://www.rfc-editor.org/rfc/rfc8259", "A JSON object or list.")
	p.scalar("Long", "https://www.w3.org/TR/xmlschema11-2/#long",
		"A whole number of 64 bits as a string, such as \"42\", since not every client can hold it as a number. Numbers are taken too.")
}

func (p *printer) recordInterface() {
	var fields []element
	for _, m := range recordMembers {
		fields = append(fields, element{name: m.Name, typ: m.typ, doc: m.doc})
	}
	p.add("interface", "Record", "implements Node", "What firms work on together: the fields that every record has.", fields)
	var kinds []element
	for _, k := range schema.Kinds() {
		kinds = append(kinds, element{name: KindEnum(k), doc: firstSentence(k.Doc())})
	}
	p.enum("RecordKind", "A kind of record.", kinds...)
}

func (p *printer) viewer() {
	p.object("Viewer", "Who is asking, and for which firm.",
		element{name: "actor", typ: "ActorKind!", doc: "As what the viewer comes."},
		element{name: "firm", typ: "Firm", doc: "The firm for which the viewer acts."},
		element{name: "firmId", typ: "ID!", doc: "Global id of that firm."},
		element{name: "roles", typ: "[Role!]!", doc: "The roles that the viewer has in the firm."},
		element{name: "user", typ: "User", doc: "The person, if the viewer is one."},
		element{name: "userId", typ: "ID", doc: "Global id of the person, if the viewer is one."})
	p.enum("ActorKind", "As what somebody comes.",
		element{name: "USER", doc: "A person who has signed in."},
		element{name: "TOKEN", doc: "A program with a token that a person made."},
		element{name: "EDI", doc: "The handling of EDI documents."},
		element{name: "NODE", doc: "The node of a firm."},
		element{name: "SYSTEM", doc: "A rule of this node."})
	p.object("SharedView", "A record as another firm sees it, or would.",
		element{name: "visible", typ: "Boolean!", doc: "Whether that firm sees the record at all."},
		element{name: "fields", typ: "JSON", doc: "What it sees: an object of field names and values. A value that the reader may not see is left out."},
		element{name: "hiddenFields", typ: "[String!]!", doc: "The names of the fields that it does not see."},
		element{name: "hindrances", typ: "[String!]!", doc: "What must still come true before it is so, in sentences."})
	p.object("SharingPreview", "What another firm sees of one's own records, and would see under a supposition.",
		element{name: "at", typ: "DateTime!", doc: "The instant for which it holds."},
		element{name: "hindrances", typ: "[String!]!", doc: "What must still come true before it is so, in sentences."},
		element{name: "kinds", typ: "[KindPreview!]!", doc: "The kinds of which that firm sees something, or would; those that the reader may read."})
	p.object("KindPreview", "What another firm sees of the records of a kind, and would see.",
		element{name: "kind", typ: "RecordKind!", doc: "The kind."},
		element{name: "before", typ: "Int!", doc: "How many records it sees as things stand."},
		element{name: "after", typ: "Int!", doc: "How many it would see."},
		element{name: "gained", typ: "Int!", doc: "How many it would see that it does not see now."},
		element{name: "lost", typ: "Int!", doc: "How many it sees now and would not see."},
		element{name: "changed", typ: "Int!", doc: "Of how many it would see more or fewer fields."},
		element{name: "isExact", typ: "Boolean!", doc: "Whether all records were counted."},
		element{name: "fields", typ: "[String!]!", doc: "The names of the fields that it would see of every record."},
		element{name: "someFields", typ: "[String!]!", doc: "The names of the fields that it would see of some records and not of others."},
		element{name: "hiddenFields", typ: "[String!]!", doc: "The names of the fields that it would see of none."},
		element{name: "sample", typ: "[PreviewedRecord!]!", doc: "Some of the records whose sight changes; without a supposition, of all that it sees."})
	p.object("PreviewedRecord", "A record as another firm would see it.",
		element{name: "id", typ: "ID!", doc: "Global id of the record."},
		element{name: "fields", typ: "JSON!", doc: "What it would see: an object of field names and values. A value that the reader may not see is left out."},
		element{name: "hiddenFields", typ: "[String!]!", doc: "The names of the fields that it would not see."})
}

func (p *printer) transfer() {
	p.object("Upload", "Where the bytes of a document version are to be sent.",
		element{name: "id", typ: "String!", doc: "Names the upload when it is completed."},
		element{name: "url", typ: "String!", doc: "Where to send the bytes, as a path on this node."},
		element{name: "method", typ: "String!", doc: "The method of HTTP with which to send them."},
		element{name: "headers", typ: "[Header!]!", doc: "The header fields that must go with them."},
		element{name: "maxSize", typ: "Long!", doc: "The most bytes that are taken."},
		element{name: "expiresAt", typ: "DateTime!", doc: "Until when they are taken."})
	p.object("Header", "A header field of HTTP.",
		element{name: "name", typ: "String!", doc: "Name of the field."},
		element{name: "value", typ: "String!", doc: "Its value."})
	p.object("Download", "Where the bytes of a document version can be fetched. Access is judged again when they are.",
		element{name: "url", typ: "String!", doc: "Where to fetch the bytes, as a path on this node. It works for this reader's access alone."},
		element{name: "expiresAt", typ: "DateTime!", doc: "Until when they can be fetched there."})
}

func (p *printer) changes() {
	p.object("Change", "A change of a record that the reader can see.",
		element{name: "at", typ: "DateTime!", doc: "When it happened."},
		element{name: "byFirmId", typ: "ID", doc: "Global id of the firm for which it was done. Null when the record left the reader's view."},
		element{name: "changedFields", typ: "[String!]!", doc: "The names of the fields that changed, as far as the reader can see them."},
		element{name: "cursor", typ: "String!", doc: "To be given as `after`, to go on from here."},
		element{name: "id", typ: "ID!", doc: "Global id of the record."},
		element{name: "kind", typ: "RecordKind!", doc: "Kind of the record."},
		element{name: "operation", typ: "Operation!", doc: "What happened."},
		element{name: "record", typ: "Record", doc: "The record as the reader sees it now. Null when it was deleted, or left the reader's view."})
	p.enum("Operation", "What happened to a record.",
		element{name: "CREATE", doc: "It was made."},
		element{name: "UPDATE", doc: "It was changed."},
		element{name: "DELETE", doc: "It was deleted, or left the reader's view."})
}

// fieldEnum defines the enum of a field.
func (p *printer) fieldEnum(f *schema.Field) {
	var list []element
	for _, v := range f.Enum {
		doc := f.EnumDoc(v)
		if doc == "" {
			doc = strings.ReplaceAll(strings.ToLower(v), "_", " ")
		}
		list = append(list, element{name: v, doc: sentence(doc)})
	}
	p.enum(f.EnumName(), f.EnumTypeDoc(), list...)
}

// sentence makes a comment such as "buys" a sentence.
func sentence(s string) string {
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func firstSentence(s string) string {
	head, _, cut := strings.Cut(s, ". ")
	if cut {
		return head + "."
	}
	return s
}

// code formats names for a description.
func code(name string) string { return fmt.Sprintf("`%s`", name) }
