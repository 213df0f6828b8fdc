package gateway_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

const pastQuery = `query($v: ID!, $r: ID!, $at: DateTime) {
	why(recordId: $r, as: $v, at: $at) { allowed fields gaps uncertain reasons { path holds agreement { name } } }
	who(recordId: $r, at: $at, first: 10) { gaps uncertain { userId firmId } nodes { userId firmId fields } }
	what(viewerId: $v, kind: CUSTOMER, at: $at, first: 10) { gaps nodes { id fields erased uncertain record { id } } }
	seenRecord(viewerId: $v, recordId: $r, at: $at) { ...S }
	seenRecords(viewerId: $v, kind: CUSTOMER, at: $at, first: 10) { nodes { ...S } edges { cursor } pageInfo { hasNextPage endCursor } }
}
fragment S on SeenRecord { id version createdAt updatedAt fields seenFields withheld erased uncertain gaps }`

type seenRecord struct {
	ID               string
	Version          int
	Fields           map[string]any
	SeenFields       []string
	Withheld, Erased []string
	Uncertain        bool
}

type pastView struct {
	Why struct {
		Allowed bool
		Fields  []string
		Reasons []struct {
			Path  string
			Holds bool
		}
	}
	Who struct {
		Nodes []struct{ UserID, FirmID *string }
	}
	What struct {
		Nodes []struct {
			ID     string
			Record *struct{ ID string }
		}
	}
	SeenRecord  *seenRecord
	SeenRecords struct {
		Nodes    []seenRecord
		PageInfo struct {
			HasNextPage bool
			EndCursor   *string
		}
	}
}

// TestSightAsAtAPastTime: what a partner saw before, between and after changes
// of the record and of the agreement.
func TestSightAsAtAPastTime(t *testing.T) {
	t.Parallel()
	h := open(t)
	partner := gid(schema.Firms, h.partner.Firm.ID())
	id := h.customer(h.maker, "Pump", partners.Values{"country": "PT", "city": "Porto", "email": "a@example.com"})
	record := gid(schema.Customers, id)
	instants := []time.Time{h.Now()}
	then := func() { instants = append(instants, h.Now()) }
	agreement := h.Share(h.maker, h.partner, h.partnership, portuguese)
	then()
	h.update(h.maker, id, "city", "Faro")
	then()
	h.Do(h.maker, partners.Command{Verb: "suspend", Kind: schema.SharingAgreements, ID: agreement})
	then()
	for i, want := range []string{"", "Porto", "Faro", ""} {
		var got pastView
		h.As(h.maker).Must(pastQuery, vars{"v": partner, "r": record, "at": instants[i]}, &got)
		seen := want != ""
		if got.Why.Allowed != seen || len(got.What.Nodes) != count(seen) || (got.SeenRecord != nil) != seen || len(got.SeenRecords.Nodes) != count(seen) {
			t.Errorf("at instant %d: %+v, want seen %t", i, got, seen)
			continue
		}
		listed := slices.ContainsFunc(got.Who.Nodes, func(n struct{ UserID, FirmID *string }) bool { return n.FirmID != nil && *n.FirmID == partner })
		if listed != seen {
			t.Errorf("at instant %d the partner is listed: %t, want %t", i, listed, seen)
		}
		if !seen {
			continue
		}
		if got.SeenRecord.Fields["city"] != want || got.SeenRecord.Fields["email"] != nil || fmt.Sprint(got.SeenRecord) != fmt.Sprint(&got.SeenRecords.Nodes[0]) ||
			!slices.Contains(got.SeenRecord.SeenFields, "city") || slices.Contains(got.SeenRecord.SeenFields, "email") || got.What.Nodes[0].Record == nil {
			t.Errorf("at instant %d the partner saw %+v", i, got.SeenRecord)
		}
	}
	// Without a time it is now, and pages go on from where they ended.
	h.Do(h.maker, partners.Command{Verb: "resume", Kind: schema.SharingAgreements, ID: agreement})
	h.customer(h.maker, "Valve", partners.Values{"country": "PT"})
	const list = `query($v: ID!, $after: String) { seenRecords(viewerId: $v, kind: CUSTOMER, first: 1, after: $after) { nodes { id fields } pageInfo { hasNextPage endCursor } } }`
	var names []string
	var after *string
	for more := true; more; {
		var page pastView
		h.As(h.maker).Must(list, vars{"v": partner, "after": after}, &page)
		for _, n := range page.SeenRecords.Nodes {
			names = append(names, fmt.Sprint(n.Fields["name"]))
		}
		after, more = page.SeenRecords.PageInfo.EndCursor, page.SeenRecords.PageInfo.HasNextPage
	}
	slices.Sort(names)
	if fmt.Sprint(names) != "[Pump Valve]" {
		t.Errorf("page by page the partner sees %v now", names)
	}
}

func count(one bool) int {
	if one {
		return 1
	}
	return 0
}

func TestThePastIsForThoseWhoAudit(t *testing.T) {
	t.Parallel()
	h := open(t)
	record := gid(schema.Customers, h.customer(h.maker, "One", nil))
	foreign := gid(schema.Customers, h.customer(h.partner, "Theirs", nil))
	seller, auditor := h.Person(h.maker.Firm, "Seller", schema.Sales), h.Person(h.maker.Firm, "Auditor", schema.Auditor)
	at := h.Now()
	colleague := gid(schema.Users, seller.User.ID())
	const (
		why     = `query($v: ID, $r: ID!, $at: DateTime) { why(recordId: $r, as: $v, at: $at) { allowed reasons { path } } }`
		node    = `query($v: ID, $r: ID!, $at: DateTime) { why(recordId: $r, as: $v, at: $at, node: true) { allowed } }`
		who     = `query($r: ID!, $at: DateTime) { who(recordId: $r, at: $at, first: 5) { nodes { userId } } }`
		what    = `query($v: ID!, $at: DateTime) { what(viewerId: $v, kind: CUSTOMER, at: $at, first: 5) { nodes { id } } }`
		seen    = `query($v: ID!, $r: ID!, $at: DateTime) { seenRecord(viewerId: $v, recordId: $r, at: $at) { id } }`
		seenAll = `query($v: ID!, $at: DateTime) { seenRecords(viewerId: $v, kind: CUSTOMER, at: $at, first: 5) { nodes { id } } }`
	)
	for name, test := range map[string]struct {
		by    policy.Principal
		query string
		vars  vars
		code  string // "" for none
	}{
		"why of oneself, by a seller":      {seller, why, vars{"r": record, "at": at}, "DENIED"},
		"why, by a seller":                 {seller, why, vars{"v": colleague, "r": record, "at": at}, "DENIED"},
		"who, by a seller":                 {seller, who, vars{"r": record, "at": at}, "DENIED"},
		"what, by a seller":                {seller, what, vars{"v": colleague, "at": at}, "DENIED"},
		"a record, by a seller":            {seller, seen, vars{"v": colleague, "r": record, "at": at}, "DENIED"},
		"a record now, by a seller":        {seller, seen, vars{"v": colleague, "r": record}, "DENIED"},
		"records, by a seller":             {seller, seenAll, vars{"v": colleague, "at": at}, "DENIED"},
		"why, by an auditor":               {auditor, why, vars{"v": colleague, "r": record, "at": at}, ""},
		"records, by an auditor":           {auditor, seenAll, vars{"v": colleague, "at": at}, ""},
		"what went to a node":              {h.maker, node, vars{"v": gid(schema.Firms, h.partner.Firm.ID()), "r": record, "at": at}, "BAD_USER_INPUT"},
		"a record as viewer":               {h.maker, seenAll, vars{"v": record, "at": at}, "BAD_USER_INPUT"},
		"a record that is none":            {h.maker, seen, vars{"v": colleague, "r": "x", "at": at}, "BAD_USER_INPUT"},
		"a foreign person":                 {h.maker, seenAll, vars{"v": gid(schema.Users, h.stranger.User.ID()), "at": at}, "NOT_FOUND"},
		"a person that there is not":       {h.maker, seenAll, vars{"v": gid(schema.Users, schema.NewID()), "at": at}, "NOT_FOUND"},
		"a time before the person came":    {h.maker, seenAll, vars{"v": colleague, "at": at.Add(-time.Hour)}, "NOT_FOUND"},
		"a time that is none":              {h.maker, seenAll, vars{"v": colleague, "at": "yesterday"}, "BAD_USER_INPUT"},
		"a foreign record, as an absent":   {h.maker, seen, vars{"v": colleague, "r": foreign, "at": at}, ""},
		"a foreign record, as an absent 2": {h.maker, seen, vars{"v": colleague, "r": gid(schema.Customers, schema.NewID()), "at": at}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := h.As(test.by).Do(test.query, test.vars)
			if test.code == "" && len(r.Errors) > 0 || test.code != "" && (len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != test.code) {
				t.Errorf("answer %s, want an error of code %q", r.Body, test.code)
			}
			if test.query == seen && test.code == "" && r.Body != `{"data":{"seenRecord":null}}` {
				t.Errorf("answer %s", r.Body)
			}
		})
	}
}

// TestWhatAPersonOfAPartnerSees: of a person of a partner on the node one is
// told what it sees, and saw, of one's own records; of a person of a stranger
// no more than of nobody.
func TestWhatAPersonOfAPartnerSees(t *testing.T) {
	t.Parallel()
	h := open(t)
	sales, support := h.Person(h.partner.Firm, "Rui", schema.ChannelManager), h.Person(h.partner.Firm, "Ana", schema.ChannelManager)
	team := h.Create(h.partner, schema.Teams, partners.Values{"name": "Field"})
	h.Create(h.partner, schema.Memberships, partners.Values{"member": sales.User.ID(), "team": team})
	id := h.customer(h.maker, "Pump", partners.Values{"country": "PT"})
	h.customer(h.maker, "Valve", partners.Values{"country": "PL"})
	h.customer(h.partner, "Their own", partners.Values{"country": "PT"})
	before := h.Now()
	offer := h.Create(h.maker, schema.SharingAgreements, partners.Values{
		"name": "Portugal", "addressedTo": h.partner.Firm.ID(), "partnership": h.partnership, "terms": json.RawMessage(portuguese),
	})
	h.Do(h.maker, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: offer})
	h.Create(h.partner, schema.Acceptances, partners.Values{"sharingAgreement": offer, "answer": "ACCEPTED", "teams": []schema.ID{team}})
	now := h.Now()

	const query = `query($v: ID!, $r: ID!, $at: DateTime) {
		what(viewerId: $v, kind: CUSTOMER, at: $at, first: 5) { nodes { id } }
		seenRecord(viewerId: $v, recordId: $r, at: $at) { id }
	}`
	record := gid(schema.Customers, id)
	for name, test := range map[string]struct {
		who  policy.Principal
		at   any
		sees bool
	}{
		"in the team":               {sales, nil, true},
		"in the team, looking back": {sales, now, true},
		"in the team, before":       {sales, before, false},
		"in no team":                {support, nil, false},
		"in no team, looking back":  {support, now, false},
	} {
		var got struct {
			What       struct{ Nodes []struct{ ID string } }
			SeenRecord *struct{ ID string }
		}
		h.As(h.maker).Must(query, vars{"v": gid(schema.Users, test.who.User.ID()), "r": record, "at": test.at}, &got)
		if len(got.What.Nodes) != count(test.sees) || (got.SeenRecord != nil) != test.sees || test.sees && got.What.Nodes[0].ID != record {
			t.Errorf("%s: %+v, want %v", name, got, test.sees)
		}
	}
	stranger := h.Person(h.stranger.Firm, "Nobody here", schema.ChannelManager)
	for _, at := range []any{nil, now} {
		var answers []string
		for _, user := range []schema.ID{stranger.User.ID(), schema.NewID()} {
			r := h.As(h.maker).Do(query, vars{"v": gid(schema.Users, user), "r": record, "at": at})
			answers = append(answers, requestIDs.ReplaceAllString(r.Body, ""))
		}
		if !strings.Contains(answers[0], "NOT_FOUND") || answers[0] != answers[1] {
			t.Errorf("of a stranger's person is said %s, of nobody %s", answers[0], answers[1])
		}
	}
}

var requestIDs = regexp.MustCompile(`"requestId":"[^"]*"`)
