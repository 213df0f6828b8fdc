package mailbox_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fondaco/exchange/trading/mailbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type box struct {
	t   *testing.T
	dir string
	*mailbox.Folder
	now time.Time
}

func open(t *testing.T) *box {
	t.Helper()
	b := &box{t: t, dir: t.TempDir(), now: time.Date(2026, 4, 8, 12, 0, 0, 0, time.UTC)}
	b.open()
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func (b *box) open() {
	b.t.Helper()
	f, err := mailbox.Open(b.dir, 2*time.Second)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Folder = f
}

func (b *box) write(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) list(folder string) []string {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.dir, folder))
	if err != nil {
		b.t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// claim lets some seconds go by and claims.
func (b *box) claim(seconds int) []mailbox.Claim {
	b.t.Helper()
	b.now = b.now.Add(time.Duration(seconds) * time.Second)
	claims, err := b.Claim(b.now)
	if err != nil {
		b.t.Fatal(err)
	}
	return claims
}

func names(claims []mailbox.Claim) []string {
	list := []string{}
	for _, c := range claims {
		list = append(list, c.Name)
	}
	return list
}

func TestClaimWaitsUntilAFileRests(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.write("in/a.edi", "ISA")
	for i, step := range []struct {
		seconds int
		write   string
		want    []string
	}{
		{0, "", []string{}},              // seen for the first time
		{1, "", []string{}},              // not rested for long enough
		{1, "ISA, and more", []string{}}, // it rested, and then grew before we looked
		{1, "", []string{}},
		{1, "", []string{"a.edi"}},
		{1, "", []string{"a.edi"}}, // claimed before, and not finished
	} {
		if step.write != "" {
			b.write("in/a.edi", step.write)
		}
		if diff := cmp.Diff(step.want, names(b.claim(step.seconds))); diff != "" {
			t.Errorf("step %d: claims differ (-want +got):\n%s", i, diff)
		}
	}
}

func TestClaimIsTheSameAfterACrash(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.write("in/a-b.edi", "ISA")
	b.claim(0)
	first := b.claim(2)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.open()
	if diff := cmp.Diff(first, b.claim(0)); diff != "" || len(first) != 1 {
		t.Errorf("claims after the crash differ (-want +got):\n%s", diff)
	}
	for range 2 { // the crash may come right after
		if err := b.Done(first[0]); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"a-b.edi.done"}, b.list("in")); diff != "" {
		t.Errorf("in/ differs (-want +got):\n%s", diff)
	}
}

func TestWhatIsPassedOver(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, name := range []string{"a.done", "b.PART", "c.tmp", ".hidden", "d.filepart"} {
		b.write("in/"+name, "ISA")
	}
	b.write("in/empty.edi", "")
	b.write("secret", "of another folder")
	if err := os.Symlink(filepath.Join(b.dir, "secret"), filepath.Join(b.dir, "in", "link.edi")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(b.dir, "in", "folder.edi"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.write("in/real.edi", "ISA")
	b.claim(0)
	if diff := cmp.Diff([]string{"real.edi"}, names(b.claim(5))); diff != "" {
		t.Errorf("claims differ (-want +got):\n%s", diff)
	}
}

func TestPutAndRefuse(t *testing.T) {
	t.Parallel()
	b := open(t)
	for range 2 {
		if err := b.Put(mailbox.Out, "../../x/997.edi", []byte("ISA")); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"997.edi"}, b.list("out")); diff != "" {
		t.Errorf("out/ differs (-want +got):\n%s", diff)
	}
	b.write("in/big.edi", "ISA")
	b.claim(0)
	if err := b.Refuse(b.claim(2)[0], "too large"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"big.edi", "big.edi.err.txt"}, b.list("err")); diff != "" {
		t.Errorf("err/ differs (-want +got):\n%s", diff)
	}
	if left := b.list(".work"); len(left) > 0 {
		t.Errorf("left in .work: %v", left)
	}
}
