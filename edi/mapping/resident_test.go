package mapping_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
)

var resident = flag.Int("resident", 0, "megabytes of the file with which the memory of the real program is measured; 0 for not at all")

// TestResidentMemory builds the program and measures the most memory that it has
// resident while it maps a large file, over that for a small one. The file comes
// by a pipe and is nowhere as a whole.
//
//nolint:paralleltest // it measures memory
func TestResidentMemory(t *testing.T) {
	if *resident == 0 {
		t.Skip("measures for minutes; run it with -resident 1024")
	}
	program := filepath.Join(t.TempDir(), "fondaco")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "fondaco/cmd/fondaco").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	mapped := []string{program, "edi", "json", "--mapped", "-"}
	written := []string{os.Args[0], "-test.run", "TestWriteOfStandardInput", "-write-stdin"}
	for _, c := range []struct {
		name    string
		command []string
		many    bool
		records bool
	}{
		{"json of one transaction", mapped, false, false},
		{"json of many transactions", mapped, true, false},
		{"write of one record", written, false, true},
		{"write of many records", written, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := peak(t, c.command, 10<<10, c.many, c.records)
			most := peak(t, c.command, *resident<<20, c.many, c.records)
			says := fmt.Sprintf("%d MB: resident %.1f MB at most, %.1f MB more than for 10 kB", *resident, float64(most)/1024, float64(most-base)/1024)
			if t.Log(says); most-base > 32<<10 {
				t.Error(says)
			}
		})
	}
}

// peak runs a command on a file of about a size, and gives the most kilobytes that
// it had resident.
func peak(t *testing.T, command []string, size int, many, records bool) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fed, last := make(chan error, 1), make(chan int, 1)
	go func() {
		err := feed(in, size, many, records)
		in.Close()
		fed <- err
		most := 0 // which never falls, as long as the process is there to be asked
		for now := highWater(cmd.Process.Pid); now > 0; now = highWater(cmd.Process.Pid) {
			most = now
		}
		last <- most
	}()
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Fatal(err)
	}
	if err := <-fed; err != nil {
		t.Fatal(err)
	}
	most := <-last
	if err := cmd.Wait(); err != nil || most == 0 {
		t.Fatalf("%v: %v, %d kB", command, err, most)
	}
	return most
}

// highWater is the most kilobytes that a process had resident, 0 when it is gone.
func highWater(pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// feed writes a file of sales reports, or their records, which has about a size.
func feed(w io.Writer, size int, many, records bool) error {
	if !records {
		return reports(w, size, many)
	}
	from, to := io.Pipe()
	go func() { to.CloseWithError(reports(to, size, many)) }()
	err := mapping.JSON(w, from, guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files()))
	from.CloseWithError(err)
	return err
}

// mostLines is how many lines one report can have: CTT01 has room for six digits.
// As text of JSON they are near a gigabyte.
const mostLines = 999_999

func reports(w io.Writer, size int, many bool) error {
	const lines = 50
	file := string(generate.SalesReports(generate.Options{Transactions: 1, Lines: lines}))
	first, last := strings.Index(file, "PTD*"), strings.Index(file, "CTT*")
	if many {
		first, last = strings.Index(file, "ST*867"), strings.Index(file, "GE*1*")
	}
	head, body, tail := file[:first], file[first:last], file[last:]
	times := max(size/len(body), 1)
	if many {
		tail = strings.Replace(tail, "GE*1*", fmt.Sprintf("GE*%d*", times), 1)
	} else {
		times = min(times, mostLines/lines)
		tail = strings.Replace(tail, fmt.Sprintf("CTT*%d~", lines), fmt.Sprintf("CTT*%d~", times*lines), 1)
		tail = regexp.MustCompile(`SE\*\d+\*`).ReplaceAllString(tail, fmt.Sprintf("SE*%d*",
			times*strings.Count(body, "~")+strings.Count(head, "~")-2+strings.Count(tail, "~")-2))
	}
	b := bufio.NewWriterSize(w, 1<<16)
	_, _ = b.WriteString(head) // the error stays, and Flush tells it
	for n := range times {
		piece := body
		if many {
			piece = strings.NewReplacer("ST*867*0001", fmt.Sprintf("ST*867*%09d", n+1)).Replace(piece)
			piece = regexp.MustCompile(`(SE\*\d+\*)0001`).ReplaceAllString(piece, fmt.Sprintf("${1}%09d", n+1))
		}
		if _, err := b.WriteString(piece); err != nil {
			return err
		}
	}
	_, _ = b.WriteString(tail)
	return b.Flush()
}

var writeStdin = flag.Bool("write-stdin", false, "write the records of the standard input as documents: what TestResidentMemory runs")

// TestWriteOfStandardInput is the process of which TestResidentMemory measures
// how much memory Write takes.
func TestWriteOfStandardInput(t *testing.T) {
	t.Parallel()
	if !*writeStdin {
		t.Skip("is run by TestResidentMemory")
	}
	w := bufio.NewWriter(os.Stdout)
	if err := mapping.Write(w, os.Stdin, guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files()), mapping.WriteOptions{}); err != nil {
		fmt.Fprintln(os.Stderr, err) // the standard output is not shown
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// TestReportsAreValid: what TestResidentMemory feeds has no errors.
func TestReportsAreValid(t *testing.T) {
	t.Parallel()
	for _, many := range []bool{false, true} {
		var records, documents, again bytes.Buffer
		if err := feed(&records, 40<<10, many, true); err != nil {
			t.Fatal(err)
		}
		guides, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
		if err := mapping.Write(&documents, bytes.NewReader(records.Bytes()), guides, maps, mapping.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := mapping.JSON(&again, &documents, guides, maps); err != nil || !bytes.Equal(again.Bytes(), records.Bytes()) {
			t.Fatalf("%v: records %.200s, want %.200s", err, again.Bytes(), records.Bytes())
		}
		if n := bytes.Count(records.Bytes(), []byte("\n")); bytes.Contains(records.Bytes(), []byte(`"errors"`)) || (n > 1) != many {
			t.Errorf("%d records, some with errors: %.300s", n, records.Bytes())
		}
	}
}
