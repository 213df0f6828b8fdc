package guide_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/sets"
)

// Several processors say of a file, byte for byte, what one says.
func TestParallelSaysTheSame(t *testing.T) {
	t.Parallel()
	lib := guide.NewLibrary(sets.Files())
	for name, data := range map[string][]byte{
		"850":    generate.PurchaseOrders(generate.Options{Transactions: 60, Lines: 20}),
		"ORDERS": generate.Orders(generate.Options{Transactions: 60, Lines: 20}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// something wrong here and there
			for _, at := range []int{len(data) / 9, len(data) / 3, len(data) / 2, len(data) * 4 / 5} {
				copy(data[at:], "\x07QQ")
			}
			o := guide.CheckOptions{Name: name, JSON: true}
			var one, several bytes.Buffer
			want, err := guide.Check(&one, bytes.NewReader(data), lib, o)
			if err != nil {
				t.Fatal(err)
			}
			p := edi.NewParallel(bytes.NewReader(data), int64(len(data)), edi.ParallelOptions{Workers: 2, Piece: len(data) / 7}, func(r *edi.Reader) edi.Source {
				return guide.NewValidator(r, lib, o.Options)
			})
			defer p.Close()
			got, err := guide.CheckSource(&several, p, o)
			if err != nil || got != want || want.Errors == 0 {
				t.Errorf("summary %+v, %v, want %+v", got, err, want)
			}
			if diff := cmp.Diff(one.String(), several.String()); diff != "" {
				t.Errorf("findings of one and of several (-one +several):\n%s", diff)
			}
		})
	}
}
