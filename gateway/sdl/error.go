package sdl

// errors defines what can stand in the way of a mutation.
func (p *printer) errors() {
	base := []element{
		{name: "code", typ: "ErrorCode!", doc: "The sort of error, for a program."},
		{name: "message", typ: "String!", doc: "Cause and remedy, for a person, in English."},
		{name: "path", typ: "[String!]", doc: "Where in the arguments the cause lies, such as [\"input\", \"name\"]."},
	}
	p.iface("UserError", "Something that stands in the way of a mutation, and about which the user can do something.", base...)
	add := func(name, doc string, more ...element) {
		p.implements(name, "UserError", doc, append(more, base...)...)
	}
	add("ValidationError", "The input breaks a rule.")
	add("PolicyRuleError", "A rule of the firm's own is refused.",
		element{name: "line", typ: "Int", doc: "The line of the rules, from 1, where it is one."})
	add("NotFound", "There is no such record, or the reader cannot see it.")
	add("Forbidden", "The record can be seen, but not changed in this way.")
	add("VersionConflict", "The record was changed since the client saw it.",
		element{name: "currentVersion", typ: "Int!", doc: "The version that the record has now."},
		element{name: "current", typ: "Record", doc: "The record as it is now."})
	add("PolicyRulesConflict", "The firm's rules were changed since the client saw them.",
		element{name: "current", typ: "PolicyRules!", doc: "The rules as they are now."})
	add("Conflict", "Something stands already, or the state of the record does not allow it.")
	add("IdempotencyConflict", "The idempotency key was used for another request before.")
	add("LimitExceeded", "It is too much, too many, or too often.",
		element{name: "max", typ: "Long", doc: "The most that is allowed, where that is a number."})
	p.enum("ErrorCode", "A sort of error.",
		element{name: "INVALID", doc: "The input breaks a rule."},
		element{name: "NOT_FOUND", doc: "There is no such record, or the reader cannot see it."},
		element{name: "DENIED", doc: "The record can be seen, but not changed in this way."},
		element{name: "CONFLICT", doc: "It was changed meanwhile, or stands already."},
		element{name: "LIMIT", doc: "Too much, too many or too often."})
}
