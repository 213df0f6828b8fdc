package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestDemoAsAnOrdinaryUser runs the demo without root's rights, when root runs
// the tests; the other tests run it as whoever runs them.
func TestDemoAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // TestStory is this test
	}
	const nobody = 65534
	home, err := os.MkdirTemp("", "fondaco-demo-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chown(home, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(home, "fondaco")
	copyTestProgram(t, program)
	cmd := exec.CommandContext(t.Context(), program, "demo", "--json", "--port", "0", "--exit-when-ready")
	cmd.Dir = home
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + home, asProgram + "=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the demo as an ordinary user: %v\n%s", err, errors.Bytes())
	}
	var a announcement
	if err := json.Unmarshal(out, &a); err != nil || a.MakerURL == "" {
		t.Errorf("the demo said %q (%v), want its announcement", out, err)
	}
	info, err := os.Stat(filepath.Join(a.Data, "story.json"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != nobody || info.Mode().Perm() != 0o600 {
		t.Errorf("story.json belongs to %d with mode %o, want %d and 600", owner, info.Mode().Perm(), nobody)
	}
}

func copyTestProgram(t *testing.T, to string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
