package sdl

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"fondaco/schema"
)

// Command is a mutation: what it does to which kind.
type Command struct {
	Name   string          // createCustomer
	Kind   *schema.Kind    // the kind of the record that it returns
	Verb   string          // create, update, delete, or an action of the kind's lifecycle; empty for the special ones
	Fields []*schema.Field // what the input can state
	doc    string
	input  []element // for the special ones
	output []element // for those with a payload of their own
}

// Deletes tells whether the command leaves no record to be returned.
func (c *Command) Deletes() bool { return c.Verb == "delete" || c.Name == "unshareRecord" }

// Commands lists the mutations, in the order of their names.
var Commands = sync.OnceValue(func() []*Command {
	var list []*Command
	for _, k := range schema.Kinds() {
		list = append(list, commandsOf(k)...)
	}
	list = append(append(list, special...), replaceRules)
	slices.SortFunc(list, func(a, b *Command) int { return strings.Compare(a.Name, b.Name) })
	return list
})

// commandsOf lists the mutations that follow from the facts of a kind. Grants
// and acceptances are made by special ones alone.
func commandsOf(k *schema.Kind) []*Command {
	if k == schema.Grants || k == schema.Acceptances {
		return nil
	}
	var list []*Command
	noun := a(words(k.Name))
	if creatable(k) {
		list = append(list, &Command{Name: "create" + k.Name, Kind: k, Verb: "create", Fields: writable(k, true), doc: "Makes " + noun + "."})
	}
	if fields := writable(k, false); !k.ReadOnly && len(fields) > 0 {
		list = append(list, &Command{Name: "update" + k.Name, Kind: k, Verb: "update", Fields: fields,
			doc: "Changes " + noun + ". What is not stated stays; null clears."})
	}
	if !k.ReadOnly {
		list = append(list, &Command{Name: "delete" + k.Name, Kind: k, Verb: "delete", doc: "Deletes " + noun + "."})
	}
	for _, action := range actionsOf(k) {
		c := &Command{Name: action + k.Name, Kind: k, Verb: action, doc: actionDoc(k, action)}
		if k.ReadOnly { // what a client may add to it goes with the step
			c.Fields = writable(k, false)
		}
		list = append(list, c)
	}
	return list
}

// creatable tells whether a client can make records of k. What holds facts
// that only the service can state, as the hash of bytes, comes about otherwise.
func creatable(k *schema.Kind) bool {
	if k.ReadOnly {
		return false
	}
	for _, f := range k.Fields {
		if f.Required && f.System && (k.Lifecycle == nil || k.Lifecycle.Field != f.Name) {
			return false
		}
	}
	return true
}

func writable(k *schema.Kind, create bool) []*schema.Field {
	var list []*schema.Field
	for _, f := range k.Fields {
		if !f.System && (create || !f.Frozen) {
			list = append(list, f)
		}
	}
	return list
}

// actionsOf lists the actions of a kind's lifecycle, each once.
func actionsOf(k *schema.Kind) []string {
	if k.Lifecycle == nil {
		return nil
	}
	var list []string
	for _, t := range k.Lifecycle.Transitions {
		if !slices.Contains(list, t.Action) {
			list = append(list, t.Action)
		}
	}
	return list
}

func actionDoc(k *schema.Kind, action string) string {
	var steps []string
	for _, t := range k.Lifecycle.Transitions {
		if t.Action == action {
			steps = append(steps, fmt.Sprintf("from %s to %s", strings.Join(t.From, " or "), t.To))
		}
	}
	return fmt.Sprintf("Takes %s %s.", a(words(k.Name)), strings.Join(steps, ", and "))
}

// special are the mutations with a course of their own.
var special = []*Command{
	{Name: "createDocumentUpload", Kind: schema.DocumentVersions, doc: "Prepares to send the bytes of a new version of a document.", input: []element{
		{name: "document", typ: "ID!", doc: "The document of which it will be a version."},
		{name: "fileName", typ: "String!", doc: "Name of the file."},
		{name: "size", typ: "Long!", doc: "Number of bytes."},
	}},
	{Name: "completeDocumentUpload", Kind: schema.DocumentVersions, doc: "Makes a version of a document of bytes that were sent.", input: []element{
		{name: "uploadId", typ: "String!", doc: "The upload, as `createDocumentUpload` named it."},
		{name: "sha256", typ: "String!", doc: "SHA-256 of the bytes that were sent, in hexadecimal digits."},
		{name: "size", typ: "Long!", doc: "Number of bytes that were sent."},
		{name: "changeLog", typ: "String", doc: "What changed since the version before."},
	}},
	{Name: "answerPartnership", Kind: schema.Acceptances, doc: "Answers the offer of a partnership, over the text that the offer has now.", input: answer},
	{Name: "answerSharingAgreement", Kind: schema.Acceptances, doc: "Answers the offer of a sharing agreement, over the text that the offer has now.", input: append(slices.Clone(answer),
		element{name: "teams", typ: "[ID!]", doc: "The teams of the own firm that may use what is accepted; without any all its people may."})},
	{Name: "shareRecord", Kind: schema.Grants, doc: "Opens a single record to the other firm of a sharing agreement.", input: []element{
		{name: "recordId", typ: "ID!", doc: "The record."},
		{name: "sharingAgreementId", typ: "ID!", doc: "The sharing agreement under which it is opened."},
		{name: "reason", typ: "String", doc: "Why, for whoever asks later."},
	}},
	{Name: "unshareRecord", Kind: schema.Grants, doc: "Takes back what `shareRecord` opened.", input: []element{
		{name: "recordId", typ: "ID!", doc: "The record."},
		{name: "sharingAgreementId", typ: "ID!", doc: "The sharing agreement under which it was opened."},
	}},
}

var answer = []element{
	{name: "id", typ: "ID!", doc: "The offer."},
	{name: "answer", typ: "Answer!", doc: "The answer."},
}

// command defines the input and the payload of a mutation.
func (p *printer) command(c *Command) {
	input := slices.Clone(c.input)
	if c.Verb != "" && c.Verb != "create" {
		input = append(input,
			element{name: "id", typ: "ID!", doc: "The record."},
			element{name: "expectedVersion", typ: "Int!", doc: "The version that the client has seen; if the record was changed since, nothing happens."})
	}
	input = append(input, element{name: "idempotencyKey", typ: "String", doc: "A word of the client's choice, such as a UUID. " +
		"The same request with the same word is done once and answered alike for seven days."})
	for _, f := range c.Fields {
		input = append(input, inputField(f, c.Verb == "create"))
	}
	p.input(capital(c.Name)+"Input", fmt.Sprintf("What `%s` needs.", c.Name), input...)

	p.object(capital(c.Name)+"Payload", fmt.Sprintf("What came of `%s`.", c.Name), append(c.result(),
		element{name: "query", typ: "Query", doc: "All there is to read, as it is after the change."},
		element{name: "userErrors", typ: "[UserError!]!", doc: "What stands in the way. If there is anything, nothing was changed."})...)
}

func (c *Command) result() []element {
	if c.output != nil {
		return slices.Clone(c.output)
	}
	return []element{c.record()}
}

func (c *Command) record() element {
	switch {
	case c.Deletes():
		return element{name: "deletedId", typ: "ID", doc: "Global id of " + a(words(c.Kind.Name)) + " that was deleted."}
	case c.Name == "createDocumentUpload":
		return element{name: "upload", typ: "Upload", doc: "Where to send the bytes."}
	default:
		return element{name: c.Kind.Field, typ: c.Kind.Name, doc: "The record as it is now, if the reader sees it."}
	}
}

func inputField(f *schema.Field, create bool) element {
	e := element{name: f.Name, typ: inputType(f), doc: f.Doc()}
	if !create {
		return e
	}
	if f.Name == "audience" && f.Kind.HasAudience {
		e.dflt = string(schema.AudienceIsFirm)
	} else if f.Required {
		e.typ += "!"
	}
	return e
}
