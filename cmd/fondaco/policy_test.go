package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// TestPolicyOfANode runs commands against the database of a node on which a
// maker shares its customers in one country; see testdata/policy.
func TestPolicyOfANode(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/policy",
		Setup: func(e *testscript.Env) error {
			n := partnerstest.Open(e.T().(testing.TB))
			maker, partner := n.Firm("Maker", "PL"), n.Firm("Partner", "PT")
			seller := n.Person(maker.Firm, "Seller", schema.Sales)
			agreement := n.Create(maker, schema.SharingAgreements, partners.Values{
				"name": "Portugal", "addressedTo": partner.Firm.ID(), "partnership": n.Partnership(maker, partner),
				"terms": json.RawMessage(`[{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"eq","value":"PT"},"actions":["read"],"classes":["commercial"]}]`),
			})
			n.Do(maker, partners.Command{Verb: "offer", Kind: schema.SharingAgreements, ID: agreement})
			n.Create(partner, schema.Acceptances, partners.Values{"sharingAgreement": agreement, "answer": "ACCEPTED"})
			customer := func(country string) string {
				return sdl.GlobalID(schema.Customers, n.Create(maker, schema.Customers, partners.Values{
					"name": "Customer in " + country, "customerType": "ORGANISATION", "status": "ACTIVE", "country": country, "email": "a@example.com"}))
			}
			firm := maker.Firm.String()
			for name, text := range map[string]string{
				"FONDACO_DATABASE_URL": n.DSN, "FONDACO_DATA": e.WorkDir + "/data",
				"MAKER": firm, "PARTNER": partner.Firm.String(), "PARTNERGID": sdl.GlobalID(schema.Firms, partner.Firm.ID()),
				"SELLER": sdl.GlobalID(schema.Users, seller.User.ID()), "FOREIGNER": sdl.GlobalID(schema.Users, partner.User.ID()),
				"SHARED": customer("PT"), "HIDDEN": customer("PL"),
			} {
				e.Setenv(name, text)
			}
			for name, text := range map[string]string{
				"rules.csv":   "p, role:SALES, " + firm + ", Customer, read, firm, personal, deny\n",
				"wrong.csv":   "# Customers are spelt otherwise.\np, role:SALES, " + firm + ", Custmer, read, firm, *, deny\n",
				"lockout.csv": "p, role:ADMINISTRATOR, " + firm + ", Firm, administer, firm, *, deny\n",
				"idle.csv":    "p, role:READ_ONLY, " + firm + ", Customer, delete, firm, *, deny\n",
			} {
				if err := os.WriteFile(e.WorkDir+"/"+name, []byte(text), 0o600); err != nil {
					return err
				}
			}
			return nil
		},
	})
}
