package ack_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/sets"
)

var library = guide.NewLibrary(sets.Files())

func validator(input io.Reader) *guide.Validator {
	return guide.NewValidator(edi.NewReader(input, edi.Options{}), library, guide.Options{RequireGuide: true})
}

// A Stream says the same as For and Write, the TA1 in an interchange of its own.
func TestStreamSaysTheSame(t *testing.T) {
	t.Parallel()
	all := head + good("0001") + good("0002") + tail("2")
	inputs := map[string]string{
		"good":             all,
		"bad element":      strings.Replace(all, "UIT*EA*9.5", "UIT*EA>1*x", 1),
		"all bad":          strings.ReplaceAll(all, "UIT*EA*9.5", "UIT*EA>1*x"),
		"unknown set":      strings.ReplaceAll(all, "ST*867", "ST*868"),
		"wrong trailers":   strings.NewReplacer("GE*2*1", "GE*3*7", "IEA*1*", "IEA*2*").Replace(all),
		"cut":              head + good("0001") + "ST*867*0002~\nBPT*00*",
		"two groups":       head + good("0001") + "GE*1*1~GS*PT*SENDER*RECEIVER*20240408*0612*2*X*004010~" + good("0002") + "GE*1*2~IEA*2*000000001~",
		"FA among others":  head + good("0001") + "GE*1*1~GS*FA*SENDER*RECEIVER*20240408*0612*2*X*004010~ST*997*0001~AK1*PT*1~AK9*A*1*1*1~SE*4*0001~GE*1*2~IEA*2*000000001~",
		"no header":        head[:106] + good("0001") + "IEA*0*000000001~",
		"TA1 wanted":       strings.Replace(all, "*0*P*>", "*1*P*>", 1),
		"TA1 of a 997":     strings.NewReplacer("*0*P*>", "*1*P*>", "GS*PT", "GS*FA").Replace(head) + "ST*997*0001~AK1*PT*1~AK9*A*1*1*1~SE*4*0001~" + tail("1"),
		"empty":            head[:106] + "IEA*0*000000001~",
		"only TA1":         head[:106] + "TA1*000000001*240408*0612*A*000~IEA*0*000000001~",
		"another standard": unb + orders + second + unz,
	}
	policies := []ack.Policy{{}, {ErrorsOnly: true}, {AcceptErrors: true}, {Form: ack.Form999}, {TA1: ack.Always}, {TA1: ack.Never},
		{RejectCode: "025"}, {RejectDamaged: true}}
	for name, input := range inputs {
		for _, p := range policies {
			t.Run(fmt.Sprintf("%s %+v", name, p), func(t *testing.T) {
				t.Parallel()
				want := collected(t, validator(strings.NewReader(input)), p)
				got := streamed(t, validator(strings.NewReader(input)), p)
				if joined(got) != joined(want) {
					t.Errorf("Stream = %q, For = %q", got, want)
				}
			})
		}
	}
}

// joined are the segments of an answer without the interchange's, sorted so
// that the TA1 comes first.
func joined(s string) string {
	var ta1, rest string
	for seg := range strings.SplitAfterSeq(s, "~") {
		switch {
		case strings.HasPrefix(seg, "TA1"):
			ta1 += seg
		case !strings.HasPrefix(seg, "ISA") && !strings.HasPrefix(seg, "IEA"):
			rest += seg
		}
	}
	return ta1 + rest
}

func TestStreamCountsAndFails(t *testing.T) {
	t.Parallel()
	input := head + good("0001") + tail("1") + unb + second + "UNZ+1+REF1'" + head[:106] + "TA1*000000001*240408*0612*A*000~IEA*0*000000001~"
	var b bytes.Buffer
	s := ack.NewStream(&b, ack.StreamOptions{})
	if err := s.Run(validator(strings.NewReader(input))); err != nil || s.Answered != 2 || s.Silent != 1 {
		t.Errorf("Run = %v, answered %d, silent %d, want 2 and 1", err, s.Answered, s.Silent)
	}
	broken := errors.New("no space")
	s = ack.NewStream(failing{broken}, ack.StreamOptions{})
	if err := s.Run(validator(strings.NewReader(input))); !errors.Is(err, broken) {
		t.Errorf("Run = %v, want %v", err, broken)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// What is in order costs nothing but the copy of its control number.
//
//nolint:paralleltest // it counts allocations
func TestStreamAllocations(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("counts allocations of some thousand transactions")
	}
	tests := []struct {
		name   string
		make   func(n int) []byte
		policy ack.Policy
		most   float64 // for each transaction
	}{
		{"X12, errors told", transactions(generate.PurchaseOrders), ack.Policy{ErrorsOnly: true}, 0.01},
		{"X12, all told", transactions(generate.PurchaseOrders), ack.Policy{}, 1.01},
		{"EDIFACT, errors told", transactions(generate.Orders), ack.Policy{ErrorsOnly: true}, 0.01},
		{"EDIFACT, all told", transactions(generate.Orders), ack.Policy{}, 2.1}, // a release character may be in it
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			count := func(n int) float64 {
				data := test.make(n)
				return testing.AllocsPerRun(3, func() {
					s := ack.NewStream(io.Discard, ack.StreamOptions{Policy: func(*edi.Interchange) ack.Policy { return test.policy }})
					if err := s.Run(validator(bytes.NewReader(data))); err != nil {
						t.Fatal(err)
					}
				})
			}
			few, many := 200, 1200
			if each := (count(many) - count(few)) / float64(many-few); each > test.most {
				t.Errorf("%.2f allocations a transaction, want at most %.2f", each, test.most)
			}
		})
	}
}

func transactions(file func(generate.Options) []byte) func(int) []byte {
	return func(n int) []byte { return file(generate.Options{Transactions: n, Lines: 2}) }
}

// The answer to a long file holds neither the file nor its own length.
//
//nolint:paralleltest // it measures memory
func TestStreamHoldsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 30 MB")
	}
	data := generate.PurchaseOrders(generate.Options{Transactions: 500, Lines: 20})
	var files []io.Reader
	size := 0
	for size < 30<<20 {
		files = append(files, bytes.NewReader(data))
		size += len(data)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := ack.NewStream(io.Discard, ack.StreamOptions{})
	if err := s.Run(validator(io.MultiReader(files...))); err != nil || s.Answered != len(files) {
		t.Fatalf("Run = %v, answered %d of %d", err, s.Answered, len(files))
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d bytes were allocated for a file of %d, want less than 4 MB", used, size)
	}
}
