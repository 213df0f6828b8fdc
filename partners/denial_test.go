package partners_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// denialsOf notes what was refused, and lists what concerns a firm.
func denialsOf(t *testing.T, n *partnerstest.Node, by policy.Principal) []partners.Denial {
	t.Helper()
	if err := n.NoteDenials(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := n.Denials(policy.With(t.Context(), by), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list) // the first in front
	return list
}

// TestDenialsAreNoted: a command that is denied, or whose record is out of
// sight, and records of other firms that are asked for by their ids stand for
// the firm concerned to see, and answers are as they were.
func TestDenialsAreNoted(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	n := partnerstest.Open(t, func(o *partners.Options) { o.Now = func() time.Time { return clock } })
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	seller := n.Person(maker.Firm, "Seller", schema.Sales)
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	shared, hidden := n.Create(maker, schema.Customers, customer("Águas", "PT")), n.Create(maker, schema.Customers, customer("Wodociągi", "PL"))
	nowhere := schema.NewID()
	read := func(by policy.Principal, ids ...schema.ID) int {
		t.Helper()
		pages, err := n.Read(policy.With(t.Context(), by), &partners.Plan{Kind: schema.Customers, IDs: ids})
		if err != nil {
			t.Fatal(err)
		}
		return len(pages[0].Rows)
	}
	write := func(by policy.Principal, c partners.Command) schema.ErrorCode {
		_, err := n.Write(policy.With(t.Context(), by), []partners.Command{c})
		return schema.Code(err)
	}
	if got := read(distributor, shared, hidden, nowhere); got != 1 {
		t.Fatalf("the distributor is given %d customers, want one", got)
	}
	read(distributor, hidden)
	read(maker, shared, hidden)
	for _, test := range []struct {
		by   policy.Principal
		c    partners.Command
		want schema.ErrorCode
	}{
		{distributor, partners.Command{Verb: partners.Delete, Kind: schema.Customers, ID: hidden}, schema.CodeNotFound},
		{distributor, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: shared, Values: partners.Values{"city": "x"}}, schema.CodeDenied},
		{seller, partners.Command{Verb: partners.Create, Kind: schema.Teams, Values: partners.Values{"name": "Mine"}}, schema.CodeDenied},
		{seller, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: hidden, Values: partners.Values{"noSuchField": "x"}}, schema.CodeInvalid},
	} {
		if got := write(test.by, test.c); got != test.want {
			t.Fatalf("%s %s: %q, want %q", test.c.Verb, test.c.Kind, got, test.want)
		}
	}
	if err := n.SetOverrides(policy.With(t.Context(), seller), "x"); schema.Code(err) != schema.CodeDenied {
		t.Fatalf("a seller sets the rules: %v, want denied", err)
	}
	line := func(owner schema.FirmID, by policy.Principal, kind *schema.Kind, action string, code schema.ErrorCode, times int64, ids ...schema.ID) partners.Denial {
		return partners.Denial{
			First: clock, At: clock, Owner: owner, Reader: by.Firm, Actor: by.User, ActorKind: policy.ActorUser, Via: "gateway", Cause: "test",
			Kind: kind, Action: action, Code: code, Times: times, IDs: ids,
		}
	}
	want := []partners.Denial{
		line(maker.Firm, distributor, schema.Customers, "read", schema.CodeNotFound, 2, hidden),
		line(maker.Firm, distributor, schema.Customers, "delete", schema.CodeNotFound, 1, hidden),
		line(maker.Firm, distributor, schema.Customers, "update", schema.CodeDenied, 1, shared),
		line(maker.Firm, seller, schema.Teams, "create", schema.CodeDenied, 1),
		line(maker.Firm, seller, schema.Firms, "setOverrides", schema.CodeDenied, 1, maker.Firm.ID()),
	}
	same := cmp.Options{
		cmpopts.IgnoreFields(partners.Denial{}, "Number"), cmp.Comparer(func(a, b *schema.Kind) bool { return a == b }), cmpopts.EquateEmpty(),
		cmpopts.SortSlices(func(a, b partners.Denial) bool { return a.Action+a.Owner.String() < b.Action+b.Owner.String() }),
	}
	if diff := cmp.Diff(want, denialsOf(t, n, maker), same); diff != "" {
		t.Errorf("denials that concern the maker (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]partners.Denial{line(distributor.Firm, distributor, schema.Customers, "read", schema.CodeNotFound, 1, nowhere)}, denialsOf(t, n, distributor), same); diff != "" {
		t.Errorf("denials that concern the distributor (-want +got):\n%s", diff)
	}
	if _, err := n.Denials(policy.With(t.Context(), seller), 0, 10); schema.Code(err) != schema.CodeDenied {
		t.Errorf("a seller looks at them: %v, want denied", err)
	}
	settle(t, n)
	report, err := n.VerifyAudit(policy.With(t.Context(), maker), nil)
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("the verification finds %v, %v", report, err)
	}
}

// TestNobodyFillsTheDiskByBeingRefused: whatever somebody asks for, and however
// often, it causes a bounded number of lines of a bounded length, and all of it
// is counted.
func TestNobodyFillsTheDiskByBeingRefused(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	hidden := make([]schema.ID, 60)
	for i := range hidden {
		hidden[i] = n.Create(maker, schema.Customers, customer(fmt.Sprintf("Hidden %d", i), "PL"))
	}
	asked := int64(0)
	for i := range 1500 { // as ever other doors, of kinds and by verbs that there are
		by := distributor
		by.Via = fmt.Sprintf("door %d", i)
		by.Cause = strconv.Itoa(i)
		pages, err := n.Read(policy.With(t.Context(), by), &partners.Plan{Kind: schema.Customers, IDs: hidden[i%30 : i%30+30]})
		if err != nil || len(pages[0].Rows) > 0 {
			t.Fatalf("read %d rows, %v", len(pages[0].Rows), err)
		}
		asked += 30
	}
	list := append(denialsOf(t, n, maker), denialsOf(t, n, distributor)...)
	told := int64(0)
	for _, d := range list {
		told += d.Times
		if len(d.IDs) > 20 {
			t.Errorf("a line has %d ids", len(d.IDs))
		}
	}
	if len(list) > 22 || told != asked {
		t.Errorf("%d lines tell of %d refusals, want at most 22 that tell of %d", len(list), told, asked)
	}
}

// TestRefusedQuestionsAreNoted: who asks whom others see, and may not, is noted
// as with a command that was refused; what may be asked is not.
func TestRefusedQuestionsAreNoted(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Partnership(maker, distributor)
	seller := n.Person(maker.Firm, "Seller", schema.Sales)
	own := partners.Record{Kind: schema.Customers, ID: n.Create(maker, schema.Customers, customer("Águas", "PT"))}
	span, past := partners.Span{First: 10}, n.At(time.Now())
	for _, who := range []policy.Principal{seller, maker} {
		ctx := policy.With(t.Context(), who)
		as := policy.System(distributor.Firm)
		_, why := n.Why(ctx, own, nil, policy.Read, &as)
		_, seers := n.Who(ctx, own, span)
		_, what := n.What(ctx, partners.Viewer{Firm: distributor.Firm}, schema.Customers, span)
		_, before := past.Who(ctx, own, span)
		_, preview := n.Preview(ctx, distributor.Firm, partners.Supposition{}, 1)
		for name, err := range map[string]error{"why": why, "who": seers, "what": what, "past": before, "preview": preview} {
			if denied := schema.Code(err) == schema.CodeDenied; denied != (who.User == seller.User) {
				t.Errorf("%s by %v: %v", name, who.Roles, err)
			}
		}
	}
	got := map[string]string{}
	for _, d := range denialsOf(t, n, maker) {
		got[d.Action] = d.Kind.Name + " " + string(d.Code)
		if d.Actor != seller.User {
			t.Errorf("%s is noted of somebody else", d.Action)
		}
	}
	want := map[string]string{
		"why": "Customer denied", "who": "Customer denied", "what": "Customer denied", "past": "Customer denied", "preview": "SharingAgreement denied",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is noted (-want +got):\n%s", diff)
	}
}
