package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// announcement is what the demo says when it is ready.
type announcement struct {
	told
	Steps        []step  `json:"steps"`
	Milliseconds int64   `json:"milliseconds"`
	Logins       []login `json:"logins"`
	MakerURL     string  `json:"makerUrl"`
	PartnerURL   string  `json:"partnerUrl"`
	Curl         string  `json:"curl"`
	Drop         string  `json:"drop"`
	Data         string  `json:"data"`
}

// announce says where everything is, in at most 20 lines.
func (d *demo) announce() error {
	program := ownName()
	a := announcement{
		told: *d.told, Steps: d.clock.steps, Milliseconds: time.Since(d.clock.begun).Milliseconds(),
		MakerURL: d.maker.url(), PartnerURL: d.distributor.url(), Data: d.Data,
	}
	a.Logins = newStory().logins(a.MakerURL, a.PartnerURL) // the addresses may be others than when the story was told
	a.Curl = fmt.Sprintf(`curl -s %s/graphql -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"query":"{ customers(first: 5) { nodes { name city phone maskedFields } } }"}'`, a.PartnerURL, d.told.APIToken)
	a.Drop = fmt.Sprintf("%s edi drop %s --node %s --token %s", program, d.told.EDIFile, a.MakerURL, d.told.EDIToken)
	if d.JSON {
		return json.NewEncoder(d.console.out).Encode(a)
	}
	return d.print(a, program)
}

func (d *demo) print(a announcement, program string) error {
	var steps []string
	for _, s := range a.Steps {
		steps = append(steps, fmt.Sprintf("%s %d ms", s.Name, s.Milliseconds))
	}
	w := tabwriter.NewWriter(d.console.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "Fondaco is ready after %d ms: %s\n", a.Milliseconds, strings.Join(steps, ", "))
	fmt.Fprintf(w, "  Maker's node\t%s\tGraphiQL at %s/graphiql\n", a.MakerURL, a.MakerURL)
	fmt.Fprintf(w, "  Distributor's own node\t%s\tGraphiQL at %s/graphiql\n", a.PartnerURL, a.PartnerURL)
	fmt.Fprintf(w, "Sign in with the password %s as\n", a.Password)
	for _, l := range a.Logins {
		fmt.Fprintf(w, "  %s\t%s\t%s, %s\n", l.Email, l.Node, l.Firm, strings.ToLower(strings.Join(l.Roles, ", ")))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(d.console.out, "Query what the distributor sees of the maker's customers:\n  %s\nDrop a sales report with one broken document of three:\n  %s\nData: %s (this is a trial; 'serve' is the production form)\nStop: Ctrl+C. Begin anew: %s --reset\n",
		a.Curl, a.Drop, a.Data, program+" demo --data "+a.Data)
	return err
}

// ownName is how this program was called, for commands to paste.
func ownName() string {
	path, err := os.Executable()
	if err != nil || strings.Contains(path, "/go-build") {
		return "go run ./cmd/fondaco"
	}
	if len(os.Args) > 0 {
		return os.Args[0]
	}
	return path
}
