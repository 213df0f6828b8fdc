// Package policy says who may do what, and who sees which rows and fields.
//
// It is a pure function of what [Rules] hold: it knows no database and no
// network. Package partners loads the rules of a firm, compiles them into a
// [Snapshot], and asks it on behalf of the [Principal] that a door proved.
//
// Two questions are asked. [Snapshot.Decide] answers the coarse one: may a
// member of the firm take an [Action] on records of a kind, and for which
// fields. [Snapshot.View] answers the fine one: by which paths are rows of a
// kind reached. A [Path] is the only reason for which a row is seen:
//
//   - Member: it lies with the reader's own firm;
//   - Agreement: its owner shares all rows, or those that meet a [Filter];
//   - Grant: its owner opened this one row under an agreement;
//   - Addressed: its owner said it to the reader's firm, and sent it;
//   - Parent: it belongs to a row that is reached;
//   - ParentOwned: it belongs to the reader's own record, and names the firm.
//
// Among the rows of its own firm a Member path may reach those alone that the
// person, a team of the person, or a team below that looks after: see
// [RowScope]. Two more ways are no paths, because they let nobody read a row:
// a [CountPath] tells how many there are, from a floor on, and an [OverlapPath]
// which of the reader's own records another firm holds too.
//
// Several paths add up, in rows and in fields. An audience narrows all of
// them and opens nothing. Class internal never leaves the owner's firm, kinds
// that are private are never shared, and what no rule allows is denied.
//
//	s, err := policy.Compile(rules)
//	v := s.View(principal, schema.Customers, policy.Read, now)
//	// partners prints v.Paths as SQL; one record is judged by
//	mask, ok := v.Match(customer, parents, granted)
//
// # Casbin
//
// The coarse rules are lines of text that a security officer can read and
// compare: the shipped ones in templates, a firm's own [Rules.Overrides], and
// the terms of sharing agreements, which are written as lines too. Casbin
// decides by them, with the model in model.conf. It holds no person, team,
// grant or filter, since each of its questions costs in proportion to its
// lines; and it is asked once: the answers stay in the snapshot, in a table
// that answers in nanoseconds and dies with the snapshot, so that nothing
// needs to be taken back. There is a shard for the firm and one for each
// agreement, and none of them ever changes.
//
// Casbin takes much for granted that must not be: words it does not know, an
// empty policy, chains of roles that it cuts off. The loader therefore knows
// every word that a line may hold and refuses all else, naming line and
// remedy; traps_test.go shows each trap, and that it is closed here.
//
// # Agreements
//
// A sharing agreement has terms, kind by kind: a level, from HIDDEN over
// counts, overlap, a filter, a list and children to ALL; actions; classes of
// fields, or sets of fields of a fixed version, which do not grow when a later
// release adds a field; the teams for which it is; its last day; and whether it
// may be passed on. What is passed on is what both agreements allow, and ends
// there: an agreement that rests on one that rests on another opens nothing.
// Where an agreement stands follows from what each firm states and from the
// time, and is nobody's to set: see [StandingOf].
//
// # Looking into it
//
// [Snapshot.Explain] tells why a principal sees a record or a field, and why
// not: every way, each of its conditions, what is missing. [Diff] compares two
// policies by asking both every question; [Lint] finds rules that do nothing
// and terms that open more than they seem to; [RunTests] runs policy tests,
// which are YAML files as in the folder tests. Those of them that are
// invariants hold at every firm: [CheckOverrides] refuses rules that break one.
//
// Independent oracles keep the whole honest: Cedar and plain Go answer the
// coarse questions again, CEL the filters, and a naive model written from the
// design the views.
package policy
