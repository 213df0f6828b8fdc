package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"fondaco/schema"
)

func TestParseID(t *testing.T) {
	t.Parallel()
	const text = "0193b0a0-1234-7abc-8def-0123456789ab"
	for _, form := range []string{text, strings.ToUpper(text)} {
		if id, err := schema.ParseID(form); err != nil || id.String() != text {
			t.Errorf("ParseID(%q) = %s, %v, want %s", form, id, err, text)
		}
	}
	for _, wrong := range []string{
		"", "0193b0a012347abc8def0123456789ab", "{" + text + "}", "urn:uuid:" + text, text + "0",
		"0193b0a0-1234-7abc-8def-0123456789ag", "0193b0a0 1234 7abc 8def 0123456789ab",
	} {
		if id, err := schema.ParseID(wrong); err == nil {
			t.Errorf("ParseID(%q) = %s, want an error", wrong, id)
		}
	}
}

func TestNewIDsAscend(t *testing.T) {
	t.Parallel()
	last := schema.NewID()
	for range 1000 {
		next := schema.NewID()
		if next.String() <= last.String() {
			t.Fatalf("%s was made after %s", next, last)
		}
		if next[6]>>4 != 7 || next[8]>>6 != 2 {
			t.Fatalf("%s is no UUID of version 7", next)
		}
		last = next
	}
}

func TestIDInTheDatabase(t *testing.T) {
	t.Parallel()
	id := schema.NewID()
	for _, src := range []any{id.String(), []byte(id.String()), [16]byte(id)} {
		var got schema.Ref[schema.Customer]
		if err := got.Scan(src); err != nil || got.ID() != id {
			t.Errorf("Scan(%T) = %v, %v, want %v", src, got, err, id)
		}
	}
	if v, err := id.Value(); err != nil || v != id.String() {
		t.Errorf("Value = %v, %v", v, err)
	}
	if v, err := (schema.FirmID{}).Value(); v != nil || err != nil {
		t.Errorf("Value of no id = %v, %v, want NULL", v, err)
	}
	got := id
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("Scan(nil) = %v, %v, want no id", got, err)
	}
	for _, wrong := range []any{5, "x", []byte("x")} {
		if err := new(schema.ID).Scan(wrong); err == nil {
			t.Errorf("Scan(%v) takes it for an id", wrong)
		}
	}
}

func TestIDAsText(t *testing.T) {
	t.Parallel()
	in := map[schema.FirmID]schema.ID{schema.FirmID(schema.NewID()): schema.NewID()}
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out map[schema.FirmID]schema.ID
	if err := json.Unmarshal(raw, &out); err != nil || fmt.Sprint(in) != fmt.Sprint(out) {
		t.Errorf("%v came back as %v, %v", in, out, err)
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	conflict := &schema.Error{Code: schema.CodeConflict, Op: "update Customer", Field: "name", Message: "stands already", Err: errors.New("secret")}
	for _, test := range []struct {
		name string
		err  error
		want schema.ErrorCode
	}{
		{"none", nil, ""},
		{"one", conflict, schema.CodeConflict},
		{"one that is wrapped", fmt.Errorf("apply: %w", conflict), schema.CodeConflict},
		{"several", schema.Errors{conflict}, schema.CodeConflict},
		{"one without record", schema.NotFound("Customer"), schema.CodeNotFound},
		{"another's", errors.New("disk full"), schema.CodeInternal},
	} {
		if got := schema.Code(test.err); got != test.want {
			t.Errorf("%s: Code = %q, want %q", test.name, got, test.want)
		}
	}
	if got := conflict.Error(); got != "update Customer: name: stands already" {
		t.Errorf("Error = %q; the cause must not be told", got)
	}
	if !errors.Is(conflict, conflict.Err) {
		t.Error("the cause cannot be asked for")
	}
	if schema.Errors(nil).Err() != nil {
		t.Error("no errors are an error")
	}
	if got := (schema.Errors{conflict, conflict}).Error(); strings.Count(got, "stands already") != 2 {
		t.Errorf("several errors are told as %q", got)
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	m := schema.Mask(0).With(0).With(62)
	if !m.Has(0) || !m.Has(62) || m.Has(1) || !schema.AllFields.Has(63) {
		t.Errorf("mask %b has other bits than those set", m)
	}
}
