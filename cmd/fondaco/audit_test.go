package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/gateway/sdl"
	"fondaco/partners/postgres"
	"fondaco/partners/postgres/postgrestest"
	"fondaco/schema"
)

// operate runs a command beside the running node, and gives its exit code and
// what it wrote.
func operate(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var o, e strings.Builder
	code = run(t.Context(), args, console{strings.NewReader(""), &o, &e})
	return code, o.String(), e.String()
}

// TestAuditFindsWhoWentPastTheProgram has an operator keep a checkpoint, look
// up what a partner was given, and find out that the history was changed in
// the database.
func TestAuditFindsWhoWentPastTheProgram(t *testing.T) {
	t.Parallel()
	a := startDemo(t, postgrestest.Folder(t))
	address, err := postgres.Join(t.Context(), filepath.Join(a.Data, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	on := []string{"--database-url", address.DSN("fondaco_maker", ""), "--data", filepath.Join(a.Data, "maker"), "--firm", a.Maker}

	lucia := signIn(t, a.MakerURL, "lucia@mercadosur.example", a.Password)
	lucia.query(`{ customers(first: 5) { nodes { name } } }`, nil)

	code, checkpoint, said := operate(t, append([]string{"audit", "checkpoint"}, on...)...)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, said)
	}
	kept := filepath.Join(t.TempDir(), "checkpoint")
	if err := os.WriteFile(kept, []byte(checkpoint), 0o600); err != nil {
		t.Fatal(err)
	}
	verify := append([]string{"audit", "verify", "--json", "--checkpoint", kept}, on...)
	if code, out, said := operate(t, verify...); code != exitDone {
		t.Errorf("a clean history: exit %d: %s%s", code, out, said)
	}

	// Reads are noted within a second, since they are many.
	list := append([]string{"audit", "reads", "--json"}, on...)
	for deadline := time.Now().Add(time.Minute); !tellsOfCustomers(t, a.Marketing, list); {
		if time.Now().After(deadline) {
			t.Fatal("the reads tell of no customer that the marketing partner was given")
		}
	}

	// A command that is refused is noted too; the first one in a while within a second.
	nowhere := object{"id": sdl.GlobalID(schema.Customers, schema.NewID()), "expectedVersion": 1}
	if _, refused := lucia.try("deleteCustomer", "DeleteCustomerInput", "deletedId", nowhere); len(refused) != 1 {
		t.Fatalf("a customer that does not exist is deleted: %v", refused)
	}
	denials := []string{"audit", "denials", "--json", "--database-url", address.DSN("fondaco_maker", ""), "--data", filepath.Join(a.Data, "maker"), "--firm", a.Marketing}
	for deadline := time.Now().Add(time.Minute); !tellsOfADeletion(t, denials); {
		if time.Now().After(deadline) {
			t.Fatal("the denials do not tell of the customer that Lucia tried to delete")
		}
	}

	conn, err := pgx.Connect(t.Context(), address.DSN("fondaco_maker", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `UPDATE changes SET cause = 'nothing' WHERE holder_firm_id = $1
		AND seq = (SELECT min(seq) FROM changes WHERE holder_firm_id = $1)`, a.Maker); err != nil {
		t.Fatal(err)
	}
	code, out, said := operate(t, verify...)
	var found []verified
	if err := json.Unmarshal([]byte(out), &found); err != nil || len(found) != 1 {
		t.Fatalf("verify wrote %s (%v)", out, err)
	}
	if code != exitFound || len(found[0].Findings) == 0 || !strings.Contains(said, "past the program") {
		t.Errorf("a line was edited: exit %d, %v, %s; want it found", code, found[0].Findings, said)
	}
}

// tellsOfCustomers tells whether the list of reads has one by which the firm
// was given customers under an agreement.
func tellsOfCustomers(t *testing.T, firm string, list []string) bool {
	t.Helper()
	var reads []auditRead
	code, out, said := operate(t, list...)
	if err := json.Unmarshal([]byte(out), &reads); code != exitDone || err != nil {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, said)
	}
	return slices.ContainsFunc(reads, func(r auditRead) bool {
		return r.Kind == "Customer" && r.Reader.String() == firm && len(r.Records) > 0 && len(r.Agreements) > 0
	})
}

// tellsOfADeletion tells whether the list of denials has one of a customer
// that somebody wanted to delete.
func tellsOfADeletion(t *testing.T, list []string) bool {
	t.Helper()
	var denials []auditDenial
	code, out, said := operate(t, list...)
	if err := json.Unmarshal([]byte(out), &denials); code != exitDone || err != nil {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, said)
	}
	return slices.ContainsFunc(denials, func(d auditDenial) bool {
		return d.Action == "delete" && d.Kind == "Customer" && d.Code == "not_found" && d.Times > 0
	})
}
