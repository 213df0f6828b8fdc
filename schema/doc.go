// Package schema says what a record is.
//
// It has nouns only: the kinds of record (Customer, Interaction, Document,
// DealRegistration and so on), the header they share, and the values their
// fields hold. It does no input or output and knows no rule of business; all
// other packages speak its language.
//
// A kind is a struct that embeds [Record], with facts about its fields in
// tags, and one line that registers it:
//
//	// Contact is a person who speaks for a customer.
//	type Contact struct {
//		Record
//		// The customer for whom the person speaks.
//		Customer Ref[Customer] `fact:"required,parent"`
//		// Full name, in the order in which the person writes it.
//		Name string `fact:"label"`
//	}
//
//	var Contacts = define[Contact]("contacts")
//
// From that line follow the table, the GraphQL type with its filters, orders
// and mutations, the forms, the history and the form in which the record
// travels between nodes. Other packages ask the [Kind] for its [Field]s and
// read and write them with [Field.Value] and [Field.Set]. The comments are
// shown to users: write them for users.
//
// Why code and not tables of metadata: in a federation the meaning of a kind
// must be the same at every node, and only code that is released has one
// meaning. What a firm adds for itself is data, in the column Custom.
//
// One rule runs through all: the zero value of a field is null. A Money
// without a currency, a Date of year 0 and an empty text are "not stated".
// A number that may be 0 and may be unknown is therefore a pointer or a
// [decimal.NullDecimal].
//
// A field's place in its struct is its number in every mask and in every list
// of versions, at all nodes and for ever: new fields come last, and none is
// removed. testdata/kinds.txt holds the catalogue, and a test refuses a
// change that breaks it.
package schema
