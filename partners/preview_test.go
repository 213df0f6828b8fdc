package partners_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestPreviewIsWhatThePartnerSees: in worlds that arose at random, what a firm
// is told that a partner would see under an agreement, and by single grants,
// is what the partner sees once it is so; and so for what would be lost.
func TestPreviewIsWhatThePartnerSees(t *testing.T) {
	t.Parallel()
	var gained atomic.Int64
	for _, seed := range worldSeeds(101, 1) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			n := previewOnce(t, w, raw(`[{"kind": "Customer", "level": "ALL", "actions": ["read"]}]`))
			for range 3 {
				n += previewOnce(t, w, w.terms())
			}
			gained.Add(int64(n))
		})
	}
	t.Cleanup(func() { // after the worlds, which are parallel
		if gained.Load() == 0 {
			t.Error("no agreement of any world opened anything: the test tests nothing")
		}
	})
}

// previewOnce makes an agreement, and holds each preview against what comes
// true. It gives how many records were gained.
func previewOnce(t *testing.T, w *world, terms json.RawMessage) int {
	t.Helper()
	giver, taker := one(w, w.firms), one(w, w.firms)
	for taker == giver {
		taker = one(w, w.firms)
	}
	asker := policy.With(t.Context(), giver.people[0])
	partnership := w.Partnership(giver.people[0], taker.people[0])
	id := w.Create(giver.people[0], schema.SharingAgreements, partners.Values{
		"name": "Draft", "addressedTo": taker.id.ID(), "partnership": partnership, "terms": terms,
	})
	suppose := partners.Supposition{Agreement: id, Grants: w.grantable(t, giver, terms)}
	before, preview := w.sight(t, giver, taker), w.preview(asker, t, taker.id, suppose)

	w.Do(giver.people[0], partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
	w.Create(taker.people[0], schema.Acceptances, partners.Values{"sharingAgreement": id, "answer": "ACCEPTED"})
	for _, g := range suppose.Grants {
		w.Create(giver.people[0], schema.Grants, partners.Values{"sharingAgreement": id, "recordKind": g.Kind.Name, "recordId": g.ID.String()})
	}
	after := w.sight(t, giver, taker)
	gained := comparePreview(t, "accepted", preview, before, after)

	comparePreview(t, "as it stands", w.preview(asker, t, taker.id, partners.Supposition{}), after, after)
	lost := w.preview(asker, t, taker.id, partners.Supposition{Agreement: id, Ended: true})
	w.Do(giver.people[0], partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: id})
	comparePreview(t, "revoked", lost, after, w.sight(t, giver, taker))
	return gained
}

// grantable lists some records of the firm that can be granted under the terms.
func (w *world) grantable(t *testing.T, f *worldFirm, terms json.RawMessage) []partners.Record {
	t.Helper()
	var all []schema.SharingTerm
	if err := json.Unmarshal(terms, &all); err != nil {
		t.Fatal(err)
	}
	m := newModel(t, w)
	var list []partners.Record
	for _, term := range all {
		k := schema.KindNamed(term.Kind)
		shareable := k != schema.Interchanges && k != schema.DealRegistrations && k != schema.TransactionSets // no role may share these one by one
		if term.Level != schema.ShareGranted || !shareable || len(list) > 0 && list[len(list)-1].Kind == k {
			continue
		}
		for i, id := range f.own[k] {
			e, known := m.own[id]
			if !known || !e.Header().DeletedAt.IsZero() {
				continue
			}
			if a := schema.AudienceOf(e); a != nil && a.Audience == schema.AudienceIsTeam {
				continue // the administrator, who grants, is in no team
			}
			if i%2 == 0 && !slices.Contains(list, partners.Record{Kind: k, ID: id}) {
				list = append(list, partners.Record{Kind: k, ID: id})
			}
		}
	}
	return list
}

// preview asks for a preview that nothing hinders.
func (w *world) preview(asker context.Context, t *testing.T, to schema.FirmID, suppose partners.Supposition) *partners.Preview {
	t.Helper()
	p, err := w.Preview(asker, to, suppose, partners.PageLimit)
	if err != nil {
		t.Fatalf("preview %+v: %v", suppose, err)
	}
	if len(p.Hindrances) > 0 {
		t.Fatalf("hindrances %q, want none", p.Hindrances)
	}
	return p
}

// sight is what a firm's node may hold of the records that another firm owns:
// by kind and id, the fields with their values. Left out is what is reached by
// way of a third firm, and references to it: that is not the owner's to know.
func (w *world) sight(t *testing.T, giver, taker *worldFirm) map[*schema.Kind]map[schema.ID]string {
	t.Helper()
	m := newModel(t, w)
	third := func(id schema.ID) bool {
		e, known := m.own[id]
		return !known || e.Header().Owner != giver.id && e.Header().Owner != taker.id
	}
	all := map[*schema.Kind]map[schema.ID]string{}
	for _, k := range schema.Kinds() {
		var wanted []schema.ID
		for _, e := range m.rows[k] {
			if e.Header().Owner != giver.id || !e.Header().Own() || e.Header().ID == giver.id.ID() && k != schema.Firms {
				continue
			}
			if k.Parent != nil {
				if up, ok := k.Parent.Value(e).(schema.ID); ok && third(up) {
					continue
				}
			}
			wanted = append(wanted, e.Header().ID)
		}
		list, err := w.Project(t.Context(), taker.id, k, wanted)
		if err != nil {
			t.Fatal(err)
		}
		all[k] = map[schema.ID]string{}
		for _, p := range list {
			all[k][p.ID] = describe(t, p, third)
		}
	}
	return all
}

// describe puts a projection into words.
func describe(t *testing.T, p partners.Projection, third func(schema.ID) bool) string {
	t.Helper()
	var values map[string]json.RawMessage
	if err := json.Unmarshal(p.Fields, &values); err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Kind.Fields {
		if f.Target() == nil || f.Target() == schema.Firms || values[f.Name] == nil {
			continue
		}
		var ids []schema.ID
		if f.Type == schema.LinkList {
			if err := json.Unmarshal(values[f.Name], &ids); err != nil {
				t.Fatal(err)
			}
		} else {
			ids = make([]schema.ID, 1)
			if err := json.Unmarshal(values[f.Name], &ids[0]); err != nil {
				t.Fatal(err)
			}
		}
		if kept := slices.DeleteFunc(ids, third); len(kept) == 0 {
			delete(values, f.Name)
		} else if raw, err := json.Marshal(kept); err == nil {
			values[f.Name] = raw
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("mask %b, version %d, %s", p.Mask, p.Version, text)
}

// comparePreview holds a preview against what was seen before and what is
// seen after, and gives how many records were gained.
func comparePreview(t *testing.T, way string, p *partners.Preview, before, after map[*schema.Kind]map[schema.ID]string) int {
	t.Helper()
	told := map[*schema.Kind]partners.KindPreview{}
	for _, k := range p.Kinds {
		told[k.Kind] = k
	}
	total := 0
	for _, k := range schema.Kinds() {
		if k == schema.SharingAgreements || k == schema.Grants {
			continue // the very papers by which it comes true
		}
		want := partners.KindPreview{Before: len(before[k]), After: len(after[k])}
		sample := map[schema.ID]string{}
		for id, text := range after[k] {
			if old, ok := before[k][id]; !ok {
				want.Gained++
				sample[id] = text
			} else if old != text {
				want.Changed++
				sample[id] = text
			}
		}
		for id := range before[k] {
			if _, ok := after[k][id]; !ok {
				want.Lost++
			}
		}
		total += want.Gained
		got := told[k]
		counts := partners.KindPreview{Before: got.Before, After: got.After, Gained: got.Gained, Lost: got.Lost, Changed: got.Changed}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Errorf("%s: preview of %s (-what came true +what was told):\n%s", way, k, diff)
			continue
		}
		if want.After == 0 || want.Gained+want.Changed == 0 {
			continue
		}
		texts := map[schema.ID]string{}
		for _, row := range got.Sample {
			if after[k][row.ID] != "" {
				texts[row.ID] = describe(t, row, func(schema.ID) bool { return false })
			}
		}
		if diff := cmp.Diff(sample, texts); diff != "" {
			t.Errorf("%s: sample of %s (-what came true +what was told):\n%s", way, k, diff)
		}
	}
	return total
}

// TestPreviewIsForThoseWhoMayShare: who may not share is told nothing, nor is
// another firm.
func TestPreviewIsForThoseWhoMayShare(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor, outsider := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT"), n.Firm("Nordwind", "DE")
	seller := n.Person(maker.Firm, "Seller", schema.Sales)
	id := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	partnership := n.Partnership(maker, distributor)
	agreement := n.Create(maker, schema.SharingAgreements, partners.Values{
		"name": "Portugal", "addressedTo": distributor.Firm.ID(), "partnership": partnership, "terms": raw(portugueseCustomers),
	})
	suppose := partners.Supposition{Agreement: agreement}
	for _, test := range []struct {
		name string
		by   policy.Principal
		to   schema.FirmID
		code schema.ErrorCode
	}{
		{"an administrator of the firm", maker, distributor.Firm, ""},
		{"a seller, who may not share", seller, distributor.Firm, schema.CodeInvalid},
		{"an agreement with another firm", maker, outsider.Firm, schema.CodeInvalid},
		{"the recipient, of a draft", distributor, maker.Firm, schema.CodeInvalid},
		{"a stranger", outsider, distributor.Firm, schema.CodeInvalid},
		{"to oneself", maker, maker.Firm, schema.CodeInvalid},
		{"a firm's node", policy.Node(maker.Firm), distributor.Firm, schema.CodeInvalid},
	} {
		if _, err := n.Preview(policy.With(t.Context(), test.by), test.to, suppose, 5); schema.Code(err) != test.code {
			t.Errorf("preview by %s: %v, want %q", test.name, err, test.code)
		}
	}
	for _, p := range []policy.Principal{seller, outsider, policy.Node(maker.Firm)} {
		ctx := policy.With(t.Context(), p)
		to := distributor.Firm
		if _, err := n.Preview(ctx, to, partners.Supposition{}, 5); schema.Code(err) != schema.CodeDenied && p.Firm == maker.Firm {
			t.Errorf("preview as it stands by %s %v: %v, want denied", p.Actor, p.Roles, err)
		}
		if _, err := n.SharedView(ctx, to, partners.Record{Kind: schema.Customers, ID: id}, partners.Supposition{}); schema.Code(err) != schema.CodeNotFound {
			t.Errorf("shared view by %s %v: %v, want not found", p.Actor, p.Roles, err)
		}
	}
	view, err := n.SharedView(policy.With(t.Context(), maker), distributor.Firm, partners.Record{Kind: schema.Customers, ID: id}, suppose)
	if err != nil || view.Before != nil || view.After == nil {
		t.Fatalf("shared view = %+v, %v; want it seen only once the agreement is accepted", view, err)
	}
}

// TestPreviewTellsWhatHinders: an agreement that would open nothing yet is
// previewed as it will be, and it is said what is missing.
func TestPreviewTellsWhatHinders(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	partnership := n.Partnership(maker, distributor)
	agreement := n.Create(maker, schema.SharingAgreements, partners.Values{
		"name": "Portugal", "addressedTo": distributor.Firm.ID(), "partnership": partnership, "terms": raw(portugueseCustomers),
		"validFrom": schema.DateOf(n.Now()).AddDays(10),
	})
	n.Do(maker, partners.Command{Verb: "suspend", Kind: schema.Partnerships, ID: partnership})
	p, err := n.Preview(policy.With(t.Context(), maker), distributor.Firm, partners.Supposition{Agreement: agreement}, 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Hindrances) != 1 || !p.From.After(n.Now()) {
		t.Errorf("hindrances %q, from %s; want the partnership to be missing, and a first day", p.Hindrances, p.From)
	}
	gained := map[string]int{}
	for _, k := range p.Kinds {
		gained[k.Kind.Name] = k.Gained
	}
	if diff := cmp.Diff(map[string]int{"Customer": 1, "Firm": 1, "Partnership": 0}, gained); diff != "" {
		t.Errorf("gained by kind (-want +got):\n%s", diff)
	}
}
