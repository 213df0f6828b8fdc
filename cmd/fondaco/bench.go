package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type benchCommand struct {
	Start   benchStart   `cmd:"" help:"Time the demo from a compiled binary to ready: the first time, and after that."`
	Memory  benchMemory  `cmd:"" help:"Measure the idle memory of the demo: program, PostgreSQL and NATS together."`
	Latency benchLatency `cmd:"" help:"Time a change on one node until a subscription at the other brings it."`
}

// show is the demo, run by a benchmark in a process of its own.
type show struct {
	cmd   *exec.Cmd
	ready announcement
}

// runDemo starts the demo on a folder and waits until it is ready.
func runDemo(ctx context.Context, data string, more ...string) (*show, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := append([]string{"demo", "--json", "--port", "0", "--data", data}, more...)
	s := &show{cmd: exec.CommandContext(ctx, exe, args...)}
	s.cmd.Stderr = os.Stderr
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := json.NewDecoder(out).Decode(&s.ready); err != nil {
		return nil, errors.Join(fail(exitUnavailable, err, "the demo did not become ready"), s.cmd.Wait())
	}
	return s, nil
}

func (s *show) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return s.cmd.Wait()
}

// scratch gives a folder for a benchmark, which clean deletes.
func scratch() (dir string, clean func(), err error) {
	dir, err = os.MkdirTemp("", "fondaco-bench-*")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

type benchStart struct {
	Runs int `help:"How often." default:"10"`
}

// Run prints the medians, and what the first start consists of: most of its
// first step is initdb, which tells how fast the machine is just now.
func (b *benchStart) Run(ctx context.Context, c console) error {
	var first, later []time.Duration
	var names []string
	steps := map[string][]time.Duration{}
	// What the runs have made is deleted after the last: ext4 without a journal makes files several times more slowly
	// for half a minute after many were deleted, since it skips their inodes one by one.
	dir, clean, err := scratch()
	if err != nil {
		return err
	}
	defer clean()
	for i := range b.Runs {
		for _, list := range []*[]time.Duration{&first, &later} {
			took, ready, err := timeDemo(ctx, filepath.Join(dir, strconv.Itoa(i)))
			if err != nil {
				return err
			}
			*list = append(*list, took)
			if list == &later {
				continue
			}
			for _, s := range ready.Steps {
				if !slices.Contains(names, s.Name) {
					names = append(names, s.Name)
				}
				steps[s.Name] = append(steps[s.Name], time.Duration(s.Milliseconds)*time.Millisecond)
			}
		}
	}
	fmt.Fprintf(c.out, "from a compiled binary to a ready demo, median of %d: %d ms the first time, %d ms after\n",
		b.Runs, median(first).Milliseconds(), median(later).Milliseconds())
	fmt.Fprintf(c.out, "the first time took %d to %d ms; its steps, each by its median:", slices.Min(first).Milliseconds(), slices.Max(first).Milliseconds())
	for _, name := range names {
		fmt.Fprintf(c.out, " %s %d ms,", name, median(steps[name]).Milliseconds())
	}
	fmt.Fprintln(c.out, "and the start of the program itself")
	return nil
}

// timeDemo times one start, from the beginning of the process.
func timeDemo(ctx context.Context, data string) (time.Duration, announcement, error) {
	syscall.Sync() // what the run before has written or deleted is not to be waited for in this one
	began := time.Now()
	s, err := runDemo(ctx, data)
	took := time.Since(began)
	if err != nil {
		return 0, announcement{}, err
	}
	return took, s.ready, s.stop()
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

type benchMemory struct {
	Wait time.Duration `help:"How long the demo is left idle before." default:"10s"`
}

// Run prints the proportional set size of all processes of the demo.
func (b *benchMemory) Run(ctx context.Context, c console) error {
	dir, clean, err := scratch()
	if err != nil {
		return err
	}
	defer clean()
	s, err := runDemo(ctx, filepath.Join(dir, "demo"))
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(b.Wait):
	}
	own, err := pss(s.cmd.Process.Pid)
	if err != nil {
		return errors.Join(err, s.stop())
	}
	below, err := descendants(s.cmd.Process.Pid)
	if err != nil {
		return errors.Join(err, s.stop())
	}
	var postgres int64
	for _, pid := range below {
		n, err := pss(pid)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return errors.Join(err, s.stop())
		}
		postgres += n
	}
	fmt.Fprintf(c.out, "idle memory (PSS): %.1f MB: program with NATS and two nodes %.1f MB, PostgreSQL with %d processes %.1f MB\n",
		mega(own+postgres), mega(own), len(below), mega(postgres))
	return s.stop()
}

func mega(kib int64) float64 { return float64(kib) * 1024 / 1e6 }

// pss gives the proportional set size of a process in KiB, as the kernel
// counts it (proc(5), smaps_rollup).
func pss(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			return strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("process %d has no Pss line", pid)
}

// descendants lists the processes below a process.
func descendants(pid int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if parent := parentOf(child); parent != 0 {
			children[parent] = append(children[parent], child)
		}
	}
	var all []int
	for queue := children[pid]; len(queue) > 0; queue = queue[1:] {
		all = append(all, queue[0])
		queue = append(queue, children[queue[0]]...)
	}
	return all, nil
}

func parentOf(pid int) int {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "PPid:"); ok {
			parent, _ := strconv.Atoi(strings.TrimSpace(rest)) // the kernel writes a number
			return parent
		}
	}
	return 0
}

type benchLatency struct {
	Changes int           `help:"How many changes." default:"1000"`
	Pause   time.Duration `help:"Pause between two changes." default:"5ms"`
}

// Run prints how long changes take from one node to a reader at the other.
func (b *benchLatency) Run(ctx context.Context, c console) error {
	dir, clean, err := scratch()
	if err != nil {
		return err
	}
	defer clean()
	s, err := runDemo(ctx, filepath.Join(dir, "demo"))
	if err != nil {
		return err
	}
	times, err := b.measure(ctx, s)
	if err := errors.Join(err, s.stop()); err != nil {
		return err
	}
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[min(len(times)-1, int(share*float64(len(times))))].Microseconds()) / 1000
	}
	fmt.Fprintf(c.out, "from the request at one node to the subscription at the other, %d changes: p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
		len(times), at(0.5), at(0.99), at(1))
	return nil
}

// measure changes a shared customer at the maker's node, and hears of it at
// the distributor's.
func (b *benchLatency) measure(ctx context.Context, s *show) ([]time.Duration, error) {
	maker := &remote{url: s.ready.MakerURL, http: &http.Client{Timeout: time.Minute}}
	if err := maker.signIn(ctx, "anna@wisla.example", s.ready.Password); err != nil {
		return nil, err
	}
	partner := &remote{url: s.ready.PartnerURL, http: &http.Client{Timeout: time.Minute}, token: s.ready.APIToken}
	heard, closing, err := partner.subscribe(ctx, `subscription { changes(kinds: [CUSTOMER]) { record { ... on Customer { city } } } }`)
	if err != nil {
		return nil, err
	}
	defer closing()
	var found struct {
		Customers struct {
			Nodes []struct {
				ID      string
				Version int
			}
		}
	}
	if err := maker.query(ctx, `{ customers(first: 1, search: "douro") { nodes { id version } } }`, nil, &found); err != nil {
		return nil, err
	}
	if len(found.Customers.Nodes) == 0 {
		return nil, errors.New("the customer of the story is gone")
	}
	id, version := found.Customers.Nodes[0].ID, found.Customers.Nodes[0].Version
	times := make([]time.Duration, 0, b.Changes)
	for n := range b.Changes {
		city := fmt.Sprintf("Porto %d", n)
		began := time.Now()
		if version, err = maker.move(ctx, id, version, city); err != nil {
			return nil, err
		}
		if err := waitFor(ctx, heard, city); err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
		time.Sleep(b.Pause)
	}
	return times, nil
}

// waitFor waits until an event brings the city.
func waitFor(ctx context.Context, heard <-chan string, city string) error {
	const patience = 30 * time.Second
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return fmt.Errorf("%s did not arrive within %v", city, patience)
		case got, ok := <-heard:
			if !ok {
				return errors.New("the subscription ended")
			}
			if got == city {
				return nil
			}
		}
	}
}
