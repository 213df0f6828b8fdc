package federation_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/exchangetest"
	"fondaco/exchange/federation"
	"fondaco/partners"
	"fondaco/schema"
)

// checkCopies holds all that a side's firm may show the other one now against
// what the other's database has of it, record by record and id by id, and
// against what was noted of it. Nothing may be under way. It gives the number of
// copies.
func checkCopies(t *testing.T, owner, peer *exchangetest.Side) int {
	t.Helper()
	noted, held := notedOf(t, owner, peer), conn(t, peer)
	copies := 0
	for _, k := range schema.Kinds() {
		if k.Private {
			continue
		}
		want := shownOf(t, owner, peer, k)
		got := linksHeld(t, held, k, owner.Admin.Firm, peer.Admin.Firm)
		copies += len(got)
		for id, p := range want {
			if links, there := got[id]; !there {
				t.Errorf("%s %s is not at the peer, which may hold it", k, id)
			} else if wanted := linksShown(t, p); links != wanted {
				t.Errorf("the copy of %s %s names %s; want %s", k, id, links, wanted)
			}
			if sum, err := federation.PrintOf(p); err != nil || !bytes.Equal(sum, noted[id]) {
				t.Errorf("what was sent last of %s %s is not what the peer may hold now (%v)", k, id, err)
			}
		}
		for id := range got {
			if _, may := want[id]; !may {
				t.Errorf("%s %s is still at the peer, which may not hold it", k, id)
			}
		}
	}
	return copies
}

// shownOf are the records of a kind that the owner's firm shows the peer's.
func shownOf(t *testing.T, owner, peer *exchangetest.Side, k *schema.Kind) map[schema.ID]partners.Projection {
	t.Helper()
	all := map[schema.ID]partners.Projection{}
	var after schema.ID
	for {
		ids, err := owner.Reachable(t.Context(), peer.Admin.Firm, k, after, partners.PageLimit)
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) == 0 {
			return all
		}
		after = ids[len(ids)-1]
		list, err := owner.Project(t.Context(), peer.Admin.Firm, k, ids)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.Owner == owner.Admin.Firm {
				all[p.ID] = p
			}
		}
	}
}

func conn(t *testing.T, s *exchangetest.Side) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(t.Context()) })
	return c
}

// linkFields are the fields of a kind that name other records.
func linkFields(k *schema.Kind) []*schema.Field {
	return slices.DeleteFunc(slices.Clone(k.Fields), func(f *schema.Field) bool { return f.Target() == nil })
}

// linksHeld gives, of each copy in a database, the ids that stand in it.
func linksHeld(t *testing.T, c *pgx.Conn, k *schema.Kind, owner, holder schema.FirmID) map[schema.ID]string {
	t.Helper()
	var columns []string
	for _, f := range linkFields(k) {
		columns = append(columns, fmt.Sprintf("coalesce(x.%s::text, '')", f.Columns()[0]))
	}
	statement := fmt.Sprintf("SELECT x.id, concat_ws(' ', '', %s) FROM %s x WHERE x.owner_firm_id = $1 AND x.holder_firm_id = $2",
		strings.Join(append(columns, "''"), ", "), k.Table)
	rows, err := c.Query(t.Context(), statement, owner, holder)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	all := map[schema.ID]string{}
	var id schema.ID
	var links string
	if _, err := pgx.ForEachRow(rows, []any{&id, &links}, func() error { all[id] = links; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// linksShown gives the same of what the owner shows.
func linksShown(t *testing.T, p partners.Projection) string {
	t.Helper()
	e := p.Kind.New()
	if _, err := schema.DecodeFields(e, p.Fields); err != nil {
		t.Fatal(err)
	}
	text := " "
	for _, f := range linkFields(p.Kind) {
		switch v := f.Value(e).(type) {
		case schema.ID:
			text += v.String()
		case []schema.ID:
			var all []string
			for _, id := range v {
				all = append(all, id.String())
			}
			text += "{" + strings.Join(all, ",") + "}"
		}
		text += " "
	}
	return text
}

// notedOf is what the owner's node noted of what it sent last.
func notedOf(t *testing.T, owner, peer *exchangetest.Side) map[schema.ID][]byte {
	t.Helper()
	const statement = "SELECT x.id, x.fingerprint FROM federation_exposures x WHERE x.firm_id = $1 AND x.peer_id = $2 AND x.shown <> 0"
	rows, err := conn(t, owner).Query(t.Context(), statement, owner.Admin.Firm, peer.Admin.Firm)
	if err != nil {
		t.Fatal(err)
	}
	noted := map[schema.ID][]byte{}
	var id schema.ID
	var sum []byte
	if _, err := pgx.ForEachRow(rows, []any{&id, &sum}, func() error { noted[id] = bytes.Clone(sum); return nil }); err != nil {
		t.Fatal(err)
	}
	return noted
}
