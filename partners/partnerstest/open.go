// Package partnerstest gives tests a real service on a database of its own.
package partnerstest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/partners"
	"fondaco/partners/blob"
	"fondaco/partners/postgres/postgrestest"
	"fondaco/policy"
	"fondaco/schema"
)

// Node is a service with firms on it.
type Node struct {
	*partners.Service
	t testing.TB
	// DSN opens the node's database as the role that owns it, beyond the fence.
	DSN string
	// bodies is the folder with the bytes of documents.
	bodies string
	copies int
}

// Open gives a node on an empty, migrated database. All of it is gone when
// the test ends.
func Open(t testing.TB, change ...func(*partners.Options)) *Node {
	t.Helper()
	dsn := postgrestest.Database(t, func(ctx context.Context, dsn string) error {
		if _, err := partners.Migrate(ctx, dsn); err != nil {
			return err
		}
		_, err := partners.BuildIndexes(ctx, dsn)
		return err
	}, fingerprint(t))
	pool, err := partners.Connect(t.Context(), dsn, 4)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(pool.Close)
	return serve(t, pool, dsn, t.TempDir(), change...)
}

// serve makes a node of a database and a folder with the bytes of documents.
func serve(t testing.TB, pool *pgxpool.Pool, dsn, folder string, change ...func(*partners.Options)) *Node {
	t.Helper()
	bodies, err := blob.Open(folder)
	if err != nil {
		t.Fatalf("open bodies: %v", err)
	}
	options := partners.Options{Pool: pool, Bodies: bodies, CursorKey: make([]byte, 32)}
	for _, c := range change {
		c(&options)
	}
	service, err := partners.New(options)
	if err != nil {
		t.Fatalf("open service: %v", err)
	}
	return &Node{Service: service, t: t, DSN: dsn, bodies: folder}
}

// fingerprint names the state of the migrations, so that databases made from
// others are not reused.
func fingerprint(t testing.TB) string {
	t.Helper()
	sum := sha256.New()
	err := fs.WalkDir(schema.Migrations, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := schema.Migrations.ReadFile(path)
		sum.Write([]byte(path))
		sum.Write(text)
		return err
	})
	if err != nil {
		t.Fatalf("read migrations: %v", err)
	}
	sum.Write([]byte(schema.Indexes))
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// T is the test for which the node was opened.
func (n *Node) T() testing.TB { return n.t }

// Firm takes a firm in, and gives its administrator.
func (n *Node) Firm(name, country string) policy.Principal {
	n.t.Helper()
	id := schema.FirmID(schema.NewID())
	ctx := n.t.Context()
	if err := n.Host(ctx, id, partners.Values{"legalName": name, "country": country, "timeZone": "UTC"}); err != nil {
		n.t.Fatalf("host %s: %v", name, err)
	}
	return n.Person(id, "Admin of "+name, schema.Administrator)
}

// Person gives a firm one more person, with roles.
func (n *Node) Person(firm schema.FirmID, name string, roles ...schema.Role) policy.Principal {
	n.t.Helper()
	user := schema.NewID()
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = string(r)
	}
	ctx := policy.With(n.t.Context(), policy.System(firm))
	_, err := n.Write(ctx, []partners.Command{
		{Verb: partners.Create, Kind: schema.Users, ID: user, Values: partners.Values{"name": name, "email": user.String() + "@example.com", "active": true}},
		{Verb: partners.Create, Kind: schema.Memberships, Values: partners.Values{"member": user, "roles": list}},
	})
	if err != nil {
		n.t.Fatalf("make %s: %v", name, err)
	}
	p, err := n.Principal(n.t.Context(), user)
	if err != nil {
		n.t.Fatalf("principal of %s: %v", name, err)
	}
	p.Via, p.Cause = "gateway", "test"
	return p
}

// Create makes a record as a principal, and gives its id.
func (n *Node) Create(p policy.Principal, k *schema.Kind, values partners.Values) schema.ID {
	n.t.Helper()
	return n.Do(p, partners.Command{Verb: partners.Create, Kind: k, Values: values})
}

// Do carries out a command as a principal, and gives the id of its record.
func (n *Node) Do(p policy.Principal, c partners.Command) schema.ID {
	n.t.Helper()
	outcomes, err := n.Write(policy.With(n.t.Context(), p), []partners.Command{c})
	if err != nil {
		n.t.Fatalf("%s %s: %v", c.Verb, c.Kind, err)
	}
	return outcomes[0].ID
}

// Partnership makes two firms active partners, and gives the partnership.
func (n *Node) Partnership(a, b policy.Principal) schema.ID {
	n.t.Helper()
	id := n.Create(a, schema.Partnerships, partners.Values{"name": "Partnership", "addressedTo": b.Firm.ID()})
	n.Create(b, schema.Acceptances, partners.Values{"partnership": id, "answer": "ACCEPTED"})
	return id
}

// Share lets b see what the terms say of a's records, and gives the sharing
// agreement: offered by a and accepted by b.
func (n *Node) Share(a, b policy.Principal, partnership schema.ID, terms string) schema.ID {
	n.t.Helper()
	id := n.Create(a, schema.SharingAgreements, partners.Values{
		"name": "Agreement", "addressedTo": b.Firm.ID(), "partnership": partnership, "terms": json.RawMessage(terms),
	})
	n.Do(a, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: id})
	n.Create(b, schema.Acceptances, partners.Values{"sharingAgreement": id, "answer": "ACCEPTED"})
	return id
}
