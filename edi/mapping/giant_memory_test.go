package mapping

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fondaco/edi/sets"
)

var giantSize = flag.Int("giant", 3, "megabytes of the giant records that are written and read back")

// filled is a record whose entry in the middle comes again and again.
type filled struct {
	head, entry, tail string
	times, n          int
	now               string
	heap              uint64 // the most that was in use, looked at now and then
}

func (r *filled) Read(p []byte) (int, error) {
	for r.now == "" {
		switch {
		case r.n == 0:
			r.now = r.head + r.entry
		case r.n < r.times:
			r.now = "," + r.entry
		case r.n == r.times:
			r.now = r.tail
		default:
			return 0, io.EOF
		}
		if r.n++; r.n%(r.times/8) == 0 {
			r.heap = max(r.heap, heapInUse())
		}
	}
	n := copy(p, r.now)
	r.now = r.now[n:]
	return n, nil
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// giantOf makes a giant record of a set's sample: the list with the most in it
// is made as long as the set allows. It is nil where the sample has no list that
// can be as long as that.
func giantOf(t *testing.T, m *Map, size int) *filled {
	t.Helper()
	edi, err := fs.ReadFile(sets.Files(), path.Join(path.Dir(m.Name), "sample.edi"))
	if err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	if err := JSON(&line, bytes.NewReader(edi), testGuides, testMaps); err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(line.Bytes(), []byte("\n"))
	var members struct{ Record map[string]json.RawMessage }
	if err := json.Unmarshal(first, &members); err != nil {
		t.Fatal(err)
	}
	var best *filled
	for _, r := range m.rules {
		var entries []json.RawMessage
		if !r.list || r.loop == nil || members.Record[r.name] == nil || r.namesItself() || json.Unmarshal(members.Record[r.name], &entries) != nil {
			continue
		}
		entry := string(entries[0])
		times := size / len(entry)
		if most := r.most(); most > 0 {
			times = min(times, most)
		}
		if times*len(entry) < size/8 || best != nil && len(best.entry) > len(entry) {
			continue
		}
		head, tail, _ := strings.Cut(string(first), string(members.Record[r.name]))
		best = &filled{head: head + "[", entry: entry, tail: "]" + tail + "\n", times: times}
	}
	return best
}

// most is how many entries of a list a document can have: the others of its loop,
// and of a tree what is nested in an entry, have rounds of the same loop.
func (r *rule) most() int {
	if r.tree != nil {
		return r.loop.Max / 8
	}
	return r.loop.Max * 9 / 10
}

// namesItself tells whether each entry of a list says its own number in a tree,
// which can stand there only once.
func (r *rule) namesItself() bool {
	return slices.ContainsFunc(r.rules, func(sub *rule) bool {
		return sub.loop == nil && sub.place.tag == "HL" && sub.place.element == 1
	})
}

type countedLines struct{ bytes, lines int }

func (c *countedLines) Write(p []byte) (int, error) {
	c.bytes, c.lines = c.bytes+len(p), c.lines+bytes.Count(p, []byte("\n"))
	return len(p), nil
}

// TestGiantRecordsAreNotKept writes a giant record of every set, and reads what
// is written while it comes, in memory that does not grow with it.
//
//nolint:paralleltest // it measures memory
func TestGiantRecordsAreNotKept(t *testing.T) {
	if testing.Short() {
		t.Skip("writes much")
	}
	names, err := testGuides.List()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range names {
		g, err := testGuides.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := testMaps.Map(g)
		if err != nil {
			continue
		}
		giant := giantOf(t, m, *giantSize<<20)
		if giant == nil {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) { writeAndRead(t, giant) }) //nolint:paralleltest // it measures memory
	}
	if seen < 20 {
		t.Errorf("only %d sets have a giant", seen)
	}
}

func writeAndRead(t *testing.T, giant *filled) {
	t.Helper()
	before := heapInUse()
	from, to := io.Pipe()
	written, done := &countedLines{}, make(chan error, 1)
	go func() {
		err := Write(io.MultiWriter(to, written), giant, testGuides, testMaps, WriteOptions{})
		to.CloseWithError(err)
		done <- err
	}()
	read := &countedLines{}
	err := JSON(read, from, testGuides, testMaps)
	from.CloseWithError(err)
	if writing := <-done; writing != nil || err != nil {
		t.Fatalf("writing: %v; reading: %v", writing, err)
	}
	grown := int64(giant.heap) - int64(before)
	says := fmt.Sprintf("%d entries, %d bytes of document, %d of JSON, the heap grew by %.1f MB", giant.times, written.bytes, read.bytes, float64(grown)/(1<<20))
	if t.Log(says); read.lines != 1 || grown > 16<<20 {
		t.Error(says)
	}
}
