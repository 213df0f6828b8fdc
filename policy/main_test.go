package policy

import (
	"flag"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fondaco/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A drawn policy is compiled and asked a hundred questions, so that thirty of
// them are drawn where rapid would draw a hundred. For a longer look, or with
// RAPID_CHECKS in the environment:
//
//	go test ./policy -rapid.checks 1000
func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		if err := flag.Set("rapid.checks", "30"); err != nil { // the command line is read later, and wins
			panic(err)
		}
	}
	if os.Getenv("GOGC") == "" { // what is drawn is forgotten at once, what is compiled stays: it need not be looked at so often
		debug.SetGCPercent(400)
	}
	goleak.VerifyTestMain(m)
}

// Firms and an instant for all tests: ids are fixed, so that golden files are.
var (
	home  = firm(1)
	vend  = firm(2)
	third = firm(3)
	noon  = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
)

func firm(n byte) schema.FirmID { return schema.FirmID(id(n)) }
func id(n byte) schema.ID       { return schema.ID{0: 1, 6: 0x70, 8: 0x80, 15: n} }
func person(roles ...schema.Role) Principal {
	return Principal{Firm: home, Actor: ActorUser, Roles: roles}
}

func compile(t testing.TB, r Rules) *Snapshot {
	t.Helper()
	if r.Firm.IsZero() {
		r.Firm = home
	}
	s, err := Compile(r)
	if err != nil {
		t.Fatalf("Compile() = %v", err)
	}
	for _, p := range s.Problems() {
		t.Errorf("Problems() has %v", p)
	}
	return s
}

func agreementOf(n byte, owner schema.FirmID, terms ...schema.SharingTerm) AgreementRules {
	return AgreementRules{ID: id(n), Owner: owner, Recipient: home, Terms: terms, Name: "test"}
}

func shareTerm(kind string, level schema.ShareLevel, actions ...string) schema.SharingTerm {
	return schema.SharingTerm{Kind: kind, Level: level, Actions: append([]string{"read"}, actions...)}
}

// golden compares text with a file of testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got), run go test with -update if it should:\n%s", path, diff)
	}
}
