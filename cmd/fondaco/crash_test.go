package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fondaco/partners/postgres/postgrestest"
	"fondaco/schema"
)

var (
	crashRounds = flag.Int("crash.rounds", 4, "how often a node is killed")
	crashSeed   = flag.Uint64("crash.seed", 0, "seed of the kills; 0 takes one from the clock")
)

// terminate asks a process to end.
const terminate = syscall.SIGTERM

// server is a `serve` process that can be killed and started again.
type server struct {
	t    *testing.T
	name string
	args []string
	data string

	mu  sync.Mutex
	cmd *exec.Cmd
	url string
}

var readyLine = regexp.MustCompile(`msg=ready url=(\S+)`)

// start runs the process and waits until it is ready.
func (s *server) start() {
	s.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(s.t.Context()), exe, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", s.data}, s.args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	logs, err := cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	url := make(chan string, 1)
	var said strings.Builder
	go func() {
		lines := bufio.NewScanner(logs)
		for lines.Scan() {
			if m := readyLine.FindStringSubmatch(lines.Text()); m != nil {
				url <- m[1]
			}
			fmt.Fprintln(&said, lines.Text())
		}
		close(url)
	}()
	select {
	case u, ok := <-url:
		if !ok {
			s.t.Fatalf("%s did not start:\n%s", s.name, said.String())
		}
		s.mu.Lock()
		s.cmd, s.url = cmd, u
		s.mu.Unlock()
	case <-time.After(60 * time.Second):
		s.t.Fatalf("%s is not ready after a minute", s.name)
	}
}

// end ends the process by a signal and waits until it is gone.
func (s *server) end(signal os.Signal) {
	s.mu.Lock()
	cmd := s.cmd
	s.mu.Unlock()
	_ = cmd.Process.Signal(signal)
	_ = cmd.Wait() // a process that was killed has no good end
}

func (s *server) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// order gives the running node an order of its operator, as the command line does.
func (s *server) order(name string, o control) control {
	s.t.Helper()
	answer, err := ask(s.t.Context(), s.data, name, o)
	if err != nil {
		s.t.Fatalf("%s %s: %v", s.name, name, err)
	}
	return answer
}

// newServer makes a node with one firm and its administrator, and a client
// that speaks for the administrator.
func newServer(t *testing.T, name, country string, args ...string) (*server, string, *client) {
	t.Helper()
	return newServerOn(t, name, country, postgrestest.Database(t, nil, "empty"), args...)
}

func newServerOn(t *testing.T, name, country, dsn string, args ...string) (*server, string, *client) {
	t.Helper()
	s := &server{t: t, name: name, data: t.TempDir()}
	s.args = append([]string{"--database-url", dsn}, args...)
	s.start()
	t.Cleanup(func() { s.end(terminate) })
	firm := s.order("host", control{Values: map[string]string{"legalName": name, "country": country, "timeZone": "UTC"}}).Firm
	var user, token map[string]any
	options := []string{"--database-url", dsn, "--data", s.data, "--json"}
	runJSON(t, &user, append([]string{"user", "add", "--firm", firm, "--name", "Admin", "--email", strings.ToLower(name) + "@example.com", "--role", "ADMINISTRATOR", "--role", "CHANNEL_MANAGER"}, options...)...)
	runJSON(t, &token, append([]string{"token", "create", "--user", user["user"].(string), "--name", "test"}, options...)...)
	return s, firm, &client{t: t, http: http.Client{Timeout: 10 * time.Second, Transport: bearer{token["token"].(string), s}}}
}

// bearer sends requests to wherever the server is now, with its token.
type bearer struct {
	token string
	at    *server
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(b.at.address(), "http://")
	r.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(r)
}

// runJSON runs a command of the program in this process and reads its answer.
func runJSON(t *testing.T, into any, args ...string) {
	t.Helper()
	var out, errs strings.Builder
	if code := run(t.Context(), args, console{strings.NewReader(""), &out, &errs}); code != exitDone {
		t.Fatalf("%v: exit %d: %s", args, code, errs.String())
	}
	if err := json.Unmarshal([]byte(out.String()), into); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out.String())
	}
}

// TestKilledNodesLoseAndRepeatNothing kills two nodes with -9 at random
// moments while one writes and the other receives. What was acknowledged is
// there once, and both hold the same in the end.
func TestKilledNodesLoseAndRepeatNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("kills processes for some seconds: run without -short")
	}
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d; repeat with -crash.seed=%d", seed, seed)
	random := rand.New(rand.NewPCG(seed, seed))
	a, makerFirm, maker := newServer(t, "Maker", "PL", "--peer-listen", "127.0.0.1:0")
	b, partnerFirm, partner := newServer(t, "Partner", "PT")
	pairAndShare(t, a, b, makerFirm, partnerFirm, maker, partner)

	w := &writer{client: maker, acknowledged: map[string]bool{}}
	done := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer close(done)
		w.run(ctx)
	}()
	for round := range *crashRounds {
		time.Sleep(time.Duration(50+random.IntN(400)) * time.Millisecond) // the moment of the kill is what is tried
		victim := []*server{a, b}[random.IntN(2)]
		t.Logf("round %d: kill %s", round, victim.name)
		victim.end(syscall.SIGKILL)
		victim.start()
	}
	stop()
	<-done
	if w.fatal != "" {
		t.Fatal(w.fatal)
	}

	names := func(c *client) (list []string) {
		after := any(nil)
		for {
			page := at(t, c.query(`query($after: String) { customers(first: 100, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }`, object{"after": after}), "customers")
			for _, n := range at(t, page, "nodes").([]any) {
				list = append(list, at(t, n, "name").(string))
			}
			if at(t, page, "pageInfo", "hasNextPage") != true {
				return list
			}
			after = at(t, page, "pageInfo", "endCursor")
		}
	}
	own := names(maker)
	for name := range w.acknowledged {
		if !slices.Contains(own, name) {
			t.Errorf("%q was acknowledged and is lost", name)
		}
	}
	slices.Sort(own)
	if distinct := slices.Compact(slices.Clone(own)); len(distinct) != len(own) {
		t.Errorf("%d records were made twice", len(own)-len(distinct))
	}
	t.Logf("%d writes acknowledged, %d records, %d kills", len(w.acknowledged), len(own), *crashRounds)
	eventually(t, "the partner's node holds the same", func() bool {
		copies := names(partner)
		slices.Sort(copies)
		return slices.Equal(copies, own)
	})
}

// pairAndShare pairs the nodes as operators do, and lets the maker share all
// its customers.
func pairAndShare(t *testing.T, a, b *server, makerFirm, partnerFirm string, maker, partner *client) {
	t.Helper()
	invitation := a.order("invite", control{Firm: makerFirm}).Token
	answer := b.order("join", control{Firm: partnerFirm, Token: invitation}).Token
	a.order("accept", control{Firm: makerFirm, Token: answer})
	var partnership any
	eventually(t, "the offer of a partnership arrives", func() bool {
		list := at(t, partner.query(`{ partnerships(first: 5) { nodes { id } } }`, nil), "partnerships", "nodes").([]any)
		if len(list) == 0 {
			return false
		}
		partnership = at(t, list[0], "id")
		return true
	})
	partner.mutate("answerPartnership", "AnswerPartnershipInput", "acceptance { id }", object{"id": partnership, "answer": "ACCEPTED"})
	eventually(t, "the partnership is active", func() bool {
		return at(t, maker.query(`{ partnerships(first: 5) { nodes { state } } }`, nil), "partnerships", "nodes", 0, "state") == "ACTIVE"
	})
	agreement := at(t, maker.mutate("createSharingAgreement", "CreateSharingAgreementInput", "sharingAgreement { id version }", object{
		"name": "All customers", "addressedTo": globalFirm(partnerFirm), "partnership": partnership,
		"terms": []any{object{"kind": "Customer", "level": "ALL", "actions": []any{"read"}}},
	}), "sharingAgreement")
	maker.mutate("offerSharingAgreement", "OfferSharingAgreementInput", "sharingAgreement { id }", object{"id": at(t, agreement, "id"), "expectedVersion": at(t, agreement, "version")})
	eventually(t, "the offer of an agreement arrives", func() bool {
		return len(at(t, partner.query(`{ sharingAgreements(first: 5) { nodes { id } } }`, nil), "sharingAgreements", "nodes").([]any)) == 1
	})
	partner.mutate("answerSharingAgreement", "AnswerSharingAgreementInput", "acceptance { id }", object{"id": at(t, agreement, "id"), "answer": "ACCEPTED"})
}

// writer creates customers one after another. A request without an answer is
// sent again under the same idempotency key until there is one.
type writer struct {
	client       *client
	acknowledged map[string]bool
	fatal        string
}

//nolint:contextcheck // a request under way is not cut off when the writer is to stop: it may have been taken
func (w *writer) run(ctx context.Context) {
	for n := 0; ctx.Err() == nil && w.fatal == ""; n++ {
		name := fmt.Sprintf("Customer %05d", n)
		key := schema.NewID().String()
		for !w.write(name, key) && ctx.Err() == nil && w.fatal == "" {
			time.Sleep(20 * time.Millisecond) // the node is being started again
		}
	}
}

// write tells whether the record was acknowledged.
func (w *writer) write(name, key string) bool {
	body, err := json.Marshal(object{
		"query":     `mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id name } userErrors { message } } }`,
		"variables": object{"input": object{"name": name, "customerType": "ORGANISATION", "status": "ACTIVE", "country": "PT", "idempotencyKey": key}},
	})
	if err != nil {
		w.fatal = err.Error()
		return false
	}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://node/graphql", strings.NewReader(string(body)))
	if err != nil {
		w.fatal = err.Error()
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := w.client.http.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var answer struct {
		Data struct {
			CreateCustomer struct {
				Customer   object
				UserErrors []object
			}
		}
		Errors []object
	}
	if json.NewDecoder(response.Body).Decode(&answer) != nil || response.StatusCode >= http.StatusInternalServerError {
		return false
	}
	if len(answer.Errors) > 0 || len(answer.Data.CreateCustomer.UserErrors) > 0 {
		w.fatal = fmt.Sprintf("write %s: %v %v", name, answer.Errors, answer.Data.CreateCustomer.UserErrors)
		return false
	}
	w.acknowledged[name] = true
	return true
}
