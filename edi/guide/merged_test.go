package guide_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
)

// errorsOf are the ids of the errors in a file.
func errorsOf(t *testing.T, file []byte) []string {
	t.Helper()
	rep, err := edi.Collect(guide.NewValidator(edi.NewReader(bytes.NewReader(file), edi.Options{}), library, guide.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	rep.All(func(f *edi.Finding) {
		if f.Severity == edi.Error {
			ids = append(ids, f.ID)
		}
	})
	return ids
}

// A segment that has lost its terminator, at the end of its line, and the next one
// are one finding, wherever in a transaction they stand. Others say that a segment
// is missed when it is counted, and that the character set has no line ends.
func TestMergedAtLineEnd(t *testing.T) {
	t.Parallel()
	o := generate.Options{Transactions: 1, Lines: 2}
	for standard, file := range map[string][]byte{"x12": generate.PurchaseOrders(o), "edifact": generate.Orders(o)} {
		end := "~\n"
		if standard == "edifact" {
			end = "'\n"
		}
		for _, lineEnd := range []string{"\n", "\r\n", "\n  "} {
			lines := strings.SplitAfter(string(file), end)
			tried := 0
			for i := range lines[:len(lines)-1] {
				next, _, _ := strings.Cut(lines[i+1], "+")
				next, _, _ = strings.Cut(next, "*")
				if envelope := "ISA GS ST SE GE IEA UNB UNH UNT UNZ"; strings.Contains(envelope, lines[i][:2]) || strings.Contains(envelope, next) {
					continue
				}
				broken := strings.Join(lines[:i], "") + strings.TrimSuffix(lines[i], end) + lineEnd + strings.Join(lines[i+1:], "")
				ids := errorsOf(t, []byte(broken))
				allowed := []string{standard + ".segment.merged", standard + ".transaction.count", standard + ".transaction.total", "edifact.element.character"}
				if !slices.Contains(ids, allowed[0]) || slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(allowed, id) }) || len(ids) > 3 {
					t.Errorf("%q and %q without %q between: %q", lines[i], lines[i+1], end, ids)
				}
				tried++
			}
			if tried < 10 {
				t.Errorf("%s: only %d places", standard, tried)
			}
		}
	}
}

// A line end within a text is none between segments.
func TestLineEndInText(t *testing.T) {
	t.Parallel()
	file := bytes.Replace(generate.PurchaseOrders(generate.Options{Transactions: 1, Lines: 1}), []byte("Wireless access point"), []byte("Wireless\nN9 point"), 1)
	for _, id := range errorsOf(t, file) {
		if id == "x12.segment.merged" {
			t.Error("a line of text is taken for a segment")
		}
	}
}
