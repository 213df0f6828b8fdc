package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/gateway/operation"
	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

func mutationGroups(t *testing.T, text string) []operation.Group {
	t.Helper()
	doc := operation.Parse(sdl.Schema(), operation.DefaultLimits(), text)
	if len(doc.Errors) > 0 {
		t.Fatal(doc.Errors)
	}
	op, err := doc.Operation("", nil)
	if err != nil {
		t.Fatal(err)
	}
	return op.Root()
}

func TestTheExecutorRunsFieldsInTheOrderOfTheDocument(t *testing.T) {
	t.Parallel()
	e, err := newExecutor(sdl.Schema())
	if err != nil {
		t.Fatal(err)
	}
	groups := mutationGroups(t, `mutation { z: createTeam(input: {name: "1"}) { query { __typename } } a: createTeam(input: {name: "2"}) { query { __typename } }
		m: deleteTeam(input: {id: "x", expectedVersion: 1}) { deletedId } }`)
	for range 20 {
		var order []string
		err := e.run(groups, func(key string) error {
			order = append(order, key)
			if key == "a" {
				return errors.New("the others run all the same")
			}
			return nil
		})
		if err != nil || !slices.Equal(order, []string{"z", "a", "m"}) {
			t.Fatalf("ran %v, %v", order, err)
		}
	}
}

// graphql-go answers a panic that is no error, outside a resolver, with the
// end of the process.
func TestTheProcessSurvivesAPanicOfAMutation(t *testing.T) {
	t.Parallel()
	e, err := newExecutor(sdl.Schema())
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	err = e.run(mutationGroups(t, `mutation { a: createTeam(input: {name: "1"}) { query { __typename } } b: createTeam(input: {name: "2"}) { query { __typename } } }`),
		func(string) error { ran++; panic("no error, but a text") })
	if err != nil || ran != 2 {
		t.Errorf("ran %d fields, %v", ran, err)
	}
}

func TestTokensAreOfOnePurposeAndOneKey(t *testing.T) {
	t.Parallel()
	ours, err := newSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	other, err := newSealer([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	token := ours.seal(forUpload, uploadTicket{FileName: "a"})
	changed := "A" + token[1:]
	if changed == token { // one token in 64 begins with an A
		changed = "B" + token[1:]
	}
	var ticket uploadTicket
	if err := ours.open(forUpload, token, &ticket); err != nil || ticket.FileName != "a" {
		t.Errorf("open = %+v, %v", ticket, err)
	}
	for name, try := range map[string]error{
		"another purpose": ours.open(forDownload, token, &ticket),
		"another key":     other.open(forUpload, token, &ticket),
		"a changed token": ours.open(forUpload, changed, &ticket),
		"a short token":   ours.open(forUpload, token[:10], &ticket),
		"no token":        ours.open(forUpload, "", &ticket),
		"a long token":    ours.open(forUpload, strings.Repeat("A", 10_000), &ticket),
	} {
		if try == nil {
			t.Errorf("%s opens", name)
		}
	}
	if _, err := newSealer(make([]byte, 16)); err == nil {
		t.Error("a key of 16 bytes is taken")
	}
}

func TestPlacesInTheLedger(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want partners.Cursor }{
		{partners.Cursor("1:1:/e").Behind("5:5:/e", 7), "1:1:/e/5:5:/7"},
		{partners.Cursor("1:1:/e").Behind("1:1:/e/9:9:/3", 2), "1:1:/e/9:9:/2"},
		{partners.Cursor("1:1:/e/9:9:/3").Behind("9:9:/e", 5), "1:1:/e/9:9:/5"},
		{partners.Cursor("1:1:/e").Bounded("5:5:/e"), "1:1:/e/5:5:/0"},
		{partners.Cursor("5:5:/e").Bounded("5:5:/e"), "5:5:/e"},
		{partners.Cursor("1:1:/e/9:9:/3").Bounded("12:12:/e"), "1:1:/e/9:9:/3"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	if base, rest, last := partners.Cursor("1:1:/e/9:9:/3").Split(); base != "1:1:/e" || rest != "1:1:/e/9:9:/0" || last != 3 {
		t.Errorf("split = %s, %s, %d", base, rest, last)
	}
}

func TestErrorsAreTranslatedOnce(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	ctx := context.WithValue(t.Context(), keyRequestID, "R1")
	for _, c := range []struct {
		err           error
		code, message string
	}{
		{&schema.Error{Code: schema.CodeInvalid, Field: "name", Message: "must be stated"}, codeInvalid, "must be stated"},
		{fmt.Errorf("read: %w", schema.NotFound("Customer")), codeNotFound, "no such Customer"},
		{&schema.Error{Code: schema.CodeUnavailable, Message: "away", Err: errors.New("secret")}, codeUnavailable, "away"},
		{errors.New("secret"), codeInternal, "internal error; give the request id to whoever runs this node"},
		{at("a", at("b", refuse("wrong"))), operation.CodeInput, "wrong"},
		{context.DeadlineExceeded, codeUnavailable, "the request took too long; ask for less at once"},
	} {
		got := translate(ctx, log, c.err)
		if got.Extensions.Code != c.code || got.Message != c.message || got.Extensions.RequestID != "R1" {
			t.Errorf("translate(%v) = %+v", c.err, got)
		}
	}
	if got := translate(ctx, log, at("a", at(1, refuse("x")))); fmt.Sprint(got.Path) != "[a 1]" {
		t.Errorf("path = %v", got.Path)
	}
}

func TestABudgetIsSpentAndGivenBack(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	b := newBudgets(Options{CostRate: 10, CostBurst: 100, Now: func() time.Time { return now }})
	firm := schema.FirmID{1}
	s, wait := b.spend(firm, 80)
	if wait != 0 {
		t.Fatalf("80 of 100 have to wait %d s", wait)
	}
	if _, wait := b.spend(firm, 80); wait != 6 {
		t.Errorf("80 of 20 have to wait %d s, want 6", wait)
	}
	s.settle(10) // 70 come back
	if _, wait := b.spend(firm, 80); wait != 0 {
		t.Errorf("80 of 90 have to wait %d s", wait)
	}
	now = now.Add(time.Hour)
	if tokens := b.of(firm).TokensAt(now); tokens != 100 {
		t.Errorf("after an hour there are %v, want 100", tokens)
	}
}

// FuzzDecode holds that no body of a request makes the gateway panic, and
// that what is read has a query.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"query":"{a}","variables":{"a":1},"operationName":"A","extensions":{}}`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`{"query":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := decode(raw)
		if err == nil && (r.Query == "" || !json.Valid(raw)) {
			t.Errorf("decode(%q) = %+v", raw, r)
		}
	})
}
