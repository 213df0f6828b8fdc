package partners_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// auditStage is a maker whose records were written and read by others, with
// all of it sealed, and a checkpoint.
func auditStage(t *testing.T) (*partnerstest.Node, policy.Principal, partners.Checkpoint) {
	t.Helper()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	hidden := n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	for i := range 8 {
		if _, err := n.Write(policy.With(t.Context(), distributor), []partners.Command{{Verb: partners.Delete, Kind: schema.Customers, ID: hidden}}); err == nil {
			t.Fatal("the distributor deleted a customer that it does not see")
		}
		id := n.Create(maker, schema.Customers, customer(fmt.Sprintf("Águas %d", i), "PT"))
		n.Do(maker, partners.Command{Verb: partners.Update, Kind: schema.Customers, ID: id, Values: partners.Values{"phone": "1", "segment": "<&>"}})
		list(t, n, distributor)
		if i%3 == 0 {
			settle(t, n)
		}
	}
	settle(t, n)
	c, err := n.Checkpoint(policy.With(t.Context(), maker))
	if err != nil {
		t.Fatal(err)
	}
	return n, maker, c
}

// settle notes and seals all there is.
func settle(t *testing.T, n *partnerstest.Node) {
	t.Helper()
	if err := n.NoteReads(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.NoteDenials(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAuditOfAnHonestHistory(t *testing.T) {
	t.Parallel()
	n, maker, first := auditStage(t)
	ctx := policy.With(t.Context(), maker)
	n.Create(maker, schema.Customers, customer("Not sealed yet", "PL"))
	report, err := n.VerifyAudit(ctx, &first)
	if err != nil {
		t.Fatal(err)
	}
	if report.Unsealed != 1 || report.Checkpoint != first {
		t.Errorf("%d unsealed lines, checkpoint %+v; want one line, and %+v", report.Unsealed, report.Checkpoint, first)
	}
	settle(t, n)
	if _, err := n.Seal(ctx); err != nil { // nothing is sealed twice
		t.Fatal(err)
	}
	if report, err = n.VerifyAudit(ctx, &first); err != nil {
		t.Fatal(err)
	}
	if len(report.Findings) > 0 || report.Unsealed != 0 || report.Size != first.Size+1 {
		t.Errorf("findings %v, %d unsealed of %d; want none, none and one more than %d", report.Findings, report.Unsealed, report.Size, first.Size)
	}
	text, err := first.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var again partners.Checkpoint
	if err := again.UnmarshalText(text); err != nil || again != first {
		t.Errorf("a checkpoint reads back as %+v, %v; want %+v", again, err, first)
	}
	if err := again.UnmarshalText(text[:len(text)-5]); schema.Code(err) != schema.CodeInvalid {
		t.Errorf("a torn checkpoint: %v, want invalid", err)
	}
}

// TestAuditAfterARestore: a restored database opens a new epoch; what was
// sealed before stays sealed once, and the rest is sealed.
func TestAuditAfterARestore(t *testing.T) {
	t.Parallel()
	n, maker, first := auditStage(t)
	n.Create(maker, schema.Customers, customer("After", "PL"))
	if _, err := owner(t, n).Exec(t.Context(), "UPDATE ledger_epoch SET epoch = gen_random_uuid()"); err != nil {
		t.Fatal(err)
	}
	settle(t, n)
	report, err := n.VerifyAudit(policy.With(t.Context(), maker), &first)
	if err != nil || len(report.Findings) > 0 || report.Size != first.Size+1 {
		t.Errorf("report %+v, %v; want no finding and one line more than %d", report, err, first.Size)
	}
}

// TestAuditIsForThoseWhoMay: an auditor may look, a seller may not, and
// nobody looks at another firm.
func TestAuditIsForThoseWhoMay(t *testing.T) {
	t.Parallel()
	n, maker, first := auditStage(t)
	for _, test := range []struct {
		by   policy.Principal
		want schema.ErrorCode
	}{
		{maker, ""}, {n.Person(maker.Firm, "Auditor", schema.Auditor), ""}, {policy.System(maker.Firm), ""},
		{n.Person(maker.Firm, "Seller", schema.Sales), schema.CodeDenied}, {policy.Node(maker.Firm), schema.CodeDenied},
		{n.Firm("Nordwind", "DE"), schema.CodeInvalid}, // the checkpoint is not its own
	} {
		if _, err := n.VerifyAudit(policy.With(t.Context(), test.by), &first); schema.Code(err) != test.want {
			t.Errorf("verification by %s %v: %v, want %q", test.by.Actor, test.by.Roles, err, test.want)
		}
	}
}

// TestReadsAcrossFirmsAreNoted: who was given what by which agreement stands
// for the owner to see, of other firms' reads alone.
func TestReadsAcrossFirmsAreNoted(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	n := partnerstest.Open(t, func(o *partners.Options) { o.Now = func() time.Time { return clock } })
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	agreement := n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	shared := n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	list(t, n, maker)
	list(t, n, distributor)
	if err := n.NoteReads(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := n.ReadsOf(policy.With(t.Context(), maker), &partners.Record{Kind: schema.Customers, ID: shared}, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) == 1 {
		got[0].Epoch = 0
	}
	shown := schema.Mask(0)
	for _, name := range []string{"name", "phone"} {
		shown = shown.With(schema.Customers.FieldNamed(name).Bit)
	}
	want := []partners.AuditedRead{{
		Number: 1, At: clock, Owner: maker.Firm, Reader: distributor.Firm, Actor: distributor.User, ActorKind: policy.ActorUser, Via: "gateway",
		Cause: "test", Kind: schema.Customers, Action: policy.Read, Fields: shown, Agreements: []schema.ID{agreement}, IDs: []schema.ID{shared},
	}}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *schema.Kind) bool { return a == b })); diff != "" {
		t.Errorf("reads of the customer (-want +got):\n%s", diff)
	}
	if got, err := n.ReadsOf(policy.With(t.Context(), distributor), nil, 0, 10); err != nil || len(got) > 0 {
		t.Errorf("reads of the distributor's records: %v, %v; want none", got, err)
	}
}

// tampering is a way to go past the service with all rights on the database.
// Cunning ones are found by a checkpoint alone.
type tampering struct {
	name       string
	statements []string
	reseal     bool
}

// firmLine picks a random line of a table for the firm $1.
const firmLine = "(SELECT %s FROM %s WHERE %s = $1 ORDER BY random() LIMIT 1)"

func tamperings() []tampering {
	var all []tampering
	edit := func(table, key, firm, set string) {
		all = append(all, tampering{name: table + " " + set, statements: []string{
			"UPDATE " + table + " SET " + set + " WHERE (" + key + ") = " + fmt.Sprintf(firmLine, key, table, firm),
		}})
	}
	for _, set := range []string{
		"seq = seq + 100000", "xid = (xid::text::bigint + 1)::text::xid8", "at = at + interval '1 microsecond'", "holder_firm_id = gen_random_uuid()",
		"owner_firm_id = gen_random_uuid()", "kind = kind || 'x'", "id = gen_random_uuid()", "version = version + 1",
		"op = CASE op WHEN 'UPDATE' THEN 'CREATE' ELSE 'UPDATE' END", "fields = fields # 1", "actor = gen_random_uuid()",
		"actor_firm_id = gen_random_uuid()", "via = 'x' || via", "cause = cause || ' '", `hashes = hashes || '\x00'::bytea`,
	} {
		edit("changes", "seq", "holder_firm_id", set)
	}
	for _, set := range []string{
		"at = at - interval '1 microsecond'", "owner_firm_id = gen_random_uuid()", "reader_firm_id = gen_random_uuid()", "actor = NULL", "actor_kind = 'TOKEN'",
		"via = ''", "cause = ''", "kind = 'Contact'", "action = 'export'", "fields = 0", "agreements = '{}'", "epoch = 0", "ids = '{}'",
	} {
		edit("audit_reads", "number", "owner_firm_id", set)
	}
	for _, set := range []string{
		"first_at = first_at - interval '1 microsecond'", "at = at + interval '1 microsecond'", "owner_firm_id = gen_random_uuid()",
		"reader_firm_id = gen_random_uuid()", "actor = NULL", "actor_kind = ''", "via = ''", "cause = ''", "kind = 'Contact'", "action = 'read'",
		"code = 'other'", "times = times - 1", "ids = '{}'",
	} {
		edit("audit_denials", "number", "owner_firm_id", set)
	}
	for _, set := range []string{`salt = '\x00'::bytea`, `after = '"forged"'`, `before = '"forged"'`, "field = 62"} {
		edit("change_values", "seq, field", "holder_firm_id", set)
	}
	for _, set := range []string{"line = line + 100000", "number = number + 100000", `hashes = set_byte(hashes, 3, (get_byte(hashes, 3) + 1) % 256)`, `hashes = ''`, "source = 3", "firm_id = gen_random_uuid()"} {
		edit("audit_leaves", "number", "firm_id", set)
	}
	for table, key := range map[string][2]string{"changes": {"seq", "holder_firm_id"}, "audit_reads": {"number", "owner_firm_id"}, "audit_denials": {"number", "owner_firm_id"}, "audit_leaves": {"number", "firm_id"}} {
		all = append(all, tampering{name: "delete from " + table, statements: []string{
			"DELETE FROM " + table + " WHERE " + key[1] + " = $1 AND " + key[0] + " = " + fmt.Sprintf(firmLine, key[0], table, key[1]),
		}})
	}
	swap := func(name, first, second string) tampering {
		return tampering{name: name, statements: []string{first, second}}
	}
	return append(all,
		swap("two lines change places", `
			UPDATE changes c SET seq = -x.other
			FROM (SELECT y.seq, min(y.seq) OVER () + max(y.seq) OVER () - y.seq AS other
				FROM (SELECT seq FROM changes WHERE holder_firm_id = $1 ORDER BY random() LIMIT 2) y) x
			WHERE c.seq = x.seq`, "UPDATE changes SET seq = -seq WHERE seq < 0 AND holder_firm_id = $1"),
		tampering{name: "a line is slipped in", statements: []string{`
			INSERT INTO changes (xid, seq, at, holder_firm_id, owner_firm_id, kind, id, version, op, fields, actor, actor_firm_id, via, cause, hashes)
			SELECT xid, seq + 100000, at, holder_firm_id, owner_firm_id, kind, gen_random_uuid(), version, op, fields, actor, actor_firm_id, via, cause, hashes
			FROM changes WHERE seq = ` + fmt.Sprintf(firmLine, "seq", "changes", "holder_firm_id")}},
		tampering{name: "a read is slipped in", statements: []string{`
			INSERT INTO audit_reads (at, owner_firm_id, reader_firm_id, actor_kind, via, cause, kind, action, fields, agreements, epoch, ids)
			VALUES (now(), $1, $1, 'USER', '', '', 'Customer', 'read', 0, '{}', 0, '{}')`}},
		tampering{name: "a denial is slipped in", statements: []string{`
			INSERT INTO audit_denials (first_at, at, owner_firm_id, reader_firm_id, actor_kind, via, cause, kind, action, code, times, ids)
			VALUES (now(), now(), $1, $1, 'USER', '', '', 'Customer', 'read', 'denied', 1, '{}')`}},
		tampering{name: "the tail is cut with its seal", statements: []string{`
			DELETE FROM changes WHERE seq IN (SELECT line FROM audit_leaves WHERE firm_id = $1 AND source = 0 ORDER BY number DESC LIMIT 3)`, `
			DELETE FROM audit_reads WHERE owner_firm_id = $1 AND number NOT IN (SELECT line FROM audit_leaves WHERE firm_id = $1 AND source = 1 ORDER BY number DESC LIMIT 0)`, `
			DELETE FROM audit_leaves l WHERE firm_id = $1 AND NOT EXISTS (SELECT FROM changes c WHERE c.seq = l.line AND l.source = 0)`, `
			DELETE FROM audit_leaves l WHERE firm_id = $1 AND number > (SELECT min(number) FROM audit_leaves x WHERE x.firm_id = $1 AND NOT EXISTS (SELECT FROM audit_leaves y WHERE y.firm_id = $1 AND y.number = x.number + 1))`}},
		tampering{name: "history is written anew", reseal: true, statements: []string{
			"UPDATE changes SET cause = 'other' WHERE seq = " + fmt.Sprintf(firmLine, "seq", "changes", "holder_firm_id"),
			"DELETE FROM audit_leaves WHERE $1::uuid IS NOT NULL", "DELETE FROM audit_reads WHERE $1::uuid IS NOT NULL"}},
		tampering{name: "history is written anew, and goes on", reseal: true, statements: []string{
			"DELETE FROM changes WHERE seq = " + fmt.Sprintf(firmLine, "seq", "changes", "holder_firm_id"),
			"DELETE FROM audit_leaves WHERE $1::uuid IS NOT NULL", "DELETE FROM audit_reads WHERE $1::uuid IS NOT NULL", `
			INSERT INTO changes (xid, seq, at, holder_firm_id, owner_firm_id, kind, id, version, op, fields, actor_firm_id, via, cause, hashes)
			SELECT '9', 1000000 + i, now(), $1, $1, 'Customer', gen_random_uuid(), 1, 'CREATE', 0, $1, '', '', '' FROM generate_series(1, 100) i`}},
	)
}

var tamperTrials = flag.Int("tamper", 300, "how often the test of the audit tries to tamper")

// TestTamperingIsFound: whatever somebody with all rights changes, puts in,
// takes out or moves, the verification finds it. For a longer look:
//
//	go test ./partners -run TamperingIsFound -tamper 10000 -timeout 1h -v
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	n, maker, checkpoint := auditStage(t)
	conn := owner(t, n)
	ways, trials := tamperings(), *tamperTrials
	if testing.Short() {
		trials = len(ways)
	}
	for trial := range trials {
		tamper(t, conn, maker.Firm, checkpoint, ways[trial%len(ways)], int64(trial))
	}
	report, err := n.VerifyAudit(policy.With(t.Context(), maker), &checkpoint)
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("undone, the verification finds %v, %v; want nothing", report, err)
	}
	t.Logf("%d trials of %d ways over %d sealed lines", trials, len(ways), checkpoint.Size)
}

// tamper tries one way, and undoes it.
func tamper(t *testing.T, conn *pgx.Conn, firm schema.FirmID, checkpoint partners.Checkpoint, how tampering, round int64) {
	t.Helper()
	ctx := t.Context()
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tx.Rollback(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
			t.Errorf("rollback: %v", err)
		}
	}()
	rng := rand.New(rand.NewPCG(max(*seed, 1), uint64(round)))
	if _, err := tx.Exec(ctx, "SELECT setseed($1)", rng.Float64()); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = 'replica'"); err != nil { // no constraint stands in the way
		t.Fatal(err)
	}
	touched := int64(0)
	for _, statement := range how.statements {
		tag, err := tx.Exec(ctx, statement, firm)
		if err != nil {
			t.Fatalf("%s: %v", how.name, err)
		}
		touched += tag.RowsAffected()
	}
	if touched == 0 {
		t.Errorf("%s touched nothing", how.name)
	}
	if how.reseal {
		if err := partners.Reseal(ctx, tx); err != nil {
			t.Fatal(err)
		}
	}
	report, err := partners.VerifyIn(ctx, tx, firm, &checkpoint)
	if err != nil {
		t.Fatalf("%s: %v", how.name, err)
	}
	if len(report.Findings) == 0 {
		t.Errorf("%s is not found", how.name)
	}
}

// TestAuditIsWoken: long before readers have to write down themselves what
// they were given, Audit is.
func TestAuditIsWoken(t *testing.T) {
	t.Parallel()
	for _, page := range []int{1, 50, 200} {
		if records, sleeps := partners.RecordsUntilAudit(page); records < 10_000 || records > 20_000 || !sleeps {
			t.Errorf("pages of %d: woken after %d records, and asleep when they were taken: %v", page, records, sleeps)
		}
	}
}
