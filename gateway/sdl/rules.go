package sdl

import "fondaco/schema"

// ReplaceRules is the name of the mutation that puts a firm's own rules into force.
const ReplaceRules = "replacePolicyRules"

// replaceRules has a course and a payload of its own.
var replaceRules = &Command{
	Name: ReplaceRules, Kind: schema.Firms,
	doc: "Replaces the rules that one's own firm has beside those that come with the program. They bind everything that begins afterwards.",
	input: []element{
		{name: "text", typ: "String!", doc: "The rules, a line each; empty for none."},
		{name: "expectedVersion", typ: "String!", doc: "The `version` of the rules that the client has seen; if they were changed since, nothing happens."},
		{name: "dryRun", typ: "Boolean", dflt: "false", doc: "Only tell what would come of it, and change nothing."},
	},
	output: []element{
		{name: "policyRules", typ: "PolicyRules", doc: "The rules that are in force now."},
		{name: "findings", typ: "[PolicyFinding!]!", doc: "What somebody should look at in the rules that were given."},
		{name: "difference", typ: "PolicyDifference", doc: "All that they decide otherwise than those before. " +
			"Null if they cannot be understood, and when a request is repeated that was carried out before."},
	},
}

// policyRules defines a firm's own rules.
func (p *printer) policyRules() {
	p.object("PolicyRules", "The rules that a firm has set beside those that come with the program.",
		element{name: "findings", typ: "[PolicyFinding!]!", doc: "What somebody should look at in them."},
		element{name: "refusals", typ: "[PolicyRefusal!]!", doc: "The lines in force that this version of the program cannot take as they were written."},
		element{name: "text", typ: "String!", doc: "The rules, a line each; empty for none."},
		element{name: "version", typ: "String!", doc: "Stands for this text, to be given as `expectedVersion` when it is replaced."})
	p.object("PolicyFinding", "Something in a firm's rules that somebody should look at.",
		element{name: "line", typ: "Int", doc: "The line of the rules, from 1, where it is one."},
		element{name: "message", typ: "String!", doc: "What it is and what to do, for a person, in English."},
		element{name: "wrong", typ: "Boolean!", doc: "Whether the rules would be refused for it."})
	p.object("PolicyRefusal", "A line of a firm's rules that is not in force as it was written, because this version of the program cannot take it.",
		element{name: "inForce", typ: "String", doc: "What holds in its place, in the words of the rules; null for nothing."},
		element{name: "line", typ: "Int!", doc: "The line of the rules, from 1."},
		element{name: "reason", typ: "String!", doc: "Why, for a person, in English."},
		element{name: "text", typ: "String!", doc: "The line as it was written."})
	p.object("PolicyDifference", "All that two sets of a firm's rules decide differently.",
		element{name: "asked", typ: "Int!", doc: "How many questions were put to both."},
		element{name: "cells", typ: "[PolicyCell!]!", doc: "Those that are answered differently."})
	p.object("PolicyCell", "What somebody may do by one set of rules and not by the other.",
		element{name: "action", typ: "AccessAction!", doc: "What is done."},
		element{name: "after", typ: "[String!]!", doc: "The rules that decide afterwards, each with its source."},
		element{name: "before", typ: "[String!]!", doc: "The rules that decided before, each with its source."},
		element{name: "gained", typ: "[PolicyReach!]!", doc: "What more is reached afterwards."},
		element{name: "kind", typ: "RecordKind!", doc: "The kind of records."},
		element{name: "lost", typ: "[PolicyReach!]!", doc: "What is not reached any more."},
		element{name: "subject", typ: "String!", doc: "Whom it concerns, as rules call it, such as role:SALES."})
	p.object("PolicyReach", "Fields of the rows within a reach.",
		element{name: "fields", typ: "[String!]!", doc: "The names of the fields."},
		element{name: "rows", typ: "RowScope!", doc: "The rows."})
	p.enum("RowScope", "How far a rule reaches among the records of a firm. Each scope holds all that the one before it holds.",
		element{name: "OWN", doc: "Those that the person keeps: who it is assigned to, or else who made it."},
		element{name: "TEAM", doc: "And those that a member of one of the person's teams keeps."},
		element{name: "SUBTREE", doc: "And those that a member of a team below those keeps."},
		element{name: "FIRM", doc: "All of them, and all that other firms open."})
}
