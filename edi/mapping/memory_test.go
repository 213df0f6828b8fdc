package mapping_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

// repeated is a file whose middle comes again and again; it is never in memory
// as a whole.
type repeated struct {
	head, tail string
	body       func(n int) string
	times, n   int
	now        string
	heap       uint64 // the most that was in use, looked at now and then
}

func (r *repeated) Read(p []byte) (int, error) {
	for r.now == "" {
		switch {
		case r.n == 0:
			r.now = r.head
		case r.n <= r.times:
			r.now = r.body(r.n)
		case r.n == r.times+1:
			r.now = r.tail
		default:
			return 0, io.EOF
		}
		if r.n++; r.n%20000 == 0 {
			r.heap = max(r.heap, inUse())
		}
	}
	n := copy(p, r.now)
	r.now = r.now[n:]
	return n, nil
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

const (
	oneInterchange = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240408*0612*U*00401*000000001*0*P*>~\nGS*%s*S*R*20240408*0612*1*X*004010~\nST*%s*0001~\n"
	oneEnd         = "SE*%d*0001~\nGE*1*1~\nIEA*1*000000001~\n"
)

func one(group, set, head string, times, segments, more int, tail string, body func(n int) string) *repeated {
	return &repeated{
		head: fmt.Sprintf(oneInterchange, group, set) + head, body: body, times: times,
		tail: tail + fmt.Sprintf(oneEnd, 2+more+times*segments),
	}
}

// giants are files with one transaction each, of some ten megabytes: many
// sales, one sale of many lines, one shipment of many orders, of many items.
func giants() map[string]func() *repeated {
	line := func(n int) string {
		return fmt.Sprintf("QTY*32*3~\nLIN*%d*VP*MX-AP-650*UP*036000291452~\nUIT*EA*412.50~\nREF*SE*MX650A%d~\n", n, n)
	}
	item := func(n int) string {
		return fmt.Sprintf("HL*%d*2*I~\nLIN**VP*MX-AP-650~\nSN1**3*EA~\n", n+2)
	}
	return map[string]func() *repeated{
		"867 of many sales": func() *repeated {
			return one("PT", "867", "BPT*00*R1*20240408*02~\n", 60000, 6, 1, "", func(n int) string {
				return fmt.Sprintf("PTD*SS~\nREF*IV*FT %d~\n", n) + line(n)
			})
		},
		"867 of one sale": func() *repeated {
			return one("PT", "867", "BPT*00*R1*20240408*02~\nPTD*SS~\nREF*IV*FT 1~\n", 100000, 4, 4, "CTT*100000~\n", line)
		},
		"867 by its guide alone": func() *repeated {
			return one("PT", "867", "BPT*00*R1*20240408*02~\nPTD*SS~\nREF*IV*FT 1~\n", 100000, 4, 4, "CTT*100000~\n", line)
		},
		"856 of many items": func() *repeated {
			return one("SH", "856", "BSN*00*S1*20240408*0612~\nHL*1**S~\nHL*2*1*O~\nPRF*PO1~\n", 100000, 3, 4, "", item)
		},
	}
}

// TestGiantTransactionsAreNotKept maps transactions that are larger than what
// may be held of them.
//
//nolint:paralleltest // it measures memory
func TestGiantTransactionsAreNotKept(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much")
	}
	guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	for name, giant := range giants() {
		t.Run(name, func(t *testing.T) {
			m := maps
			if strings.Contains(name, "guide") {
				m = nil
			}
			before, r, w := inUse(), giant(), &counted{}
			if err := mapping.JSON(w, r, guides, m); err != nil {
				t.Fatal(err)
			}
			if w.lines != 1 || strings.Contains(w.end, "errors") {
				t.Errorf("%d lines, the last ends with %s", w.lines, w.end)
			}
			grown := int64(r.heap) - int64(before)
			t.Logf("%d bytes of JSON, the heap grew by %.1f MB", w.bytes, float64(grown)/(1<<20))
			if grown > 16<<20 {
				t.Errorf("the heap grew by %d MB", grown>>20)
			}
		})
	}
}

type counted struct {
	bytes, lines int
	end          string
}

func (c *counted) Write(p []byte) (int, error) {
	c.bytes, c.lines, c.end = c.bytes+len(p), c.lines+strings.Count(string(p), "\n"), string(p[max(len(p)-40, 0):])
	return len(p), nil
}

var _ = edi.X12
