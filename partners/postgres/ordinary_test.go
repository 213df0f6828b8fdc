package postgres_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// ordinaryUser is nobody on every distribution: an id without rights that initdb finds in the password file.
const ordinaryUser = 65534

// TestAllAsAnOrdinaryUser runs all tests of this package and of postgrestest again without root's rights, when root runs
// them: the launcher works differently then.
func TestAllAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // this run is the one
	}
	if testing.Short() {
		t.Skip("it runs all tests a second time")
	}
	for _, folder := range []string{".", "postgrestest"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			home := ownedByOrdinaryUser(t)
			program := filepath.Join(home, "all.test")
			if folder == "." {
				copyProgram(t, os.Args[0], program)
			} else if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", program, "./"+folder).CombinedOutput(); err != nil {
				t.Fatalf("build the tests of %s: %v\n%s", folder, err, out)
			}
			cmd := exec.CommandContext(t.Context(), program, "-test.v", "-test.timeout=5m")
			cmd.Dir = home
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + home, "HOME=" + home}
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ordinaryUser, Gid: ordinaryUser}}
			if err := runToFile(cmd, filepath.Join(home, "out")); err != nil {
				t.Errorf("the tests as an ordinary user: %v", err)
			}
		})
	}
}

// runToFile runs a program and gives what it said in the error. It says it to a file, not through a pipe: a keeper of
// postgrestest outlives the program that began it and would hold the pipe open.
func runToFile(cmd *exec.Cmd, path string) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	if closeErr := out.Close(); err == nil {
		return closeErr
	}
	said, readErr := os.ReadFile(path)
	return errors.Join(fmt.Errorf("%w\n%s", err, said), readErr)
}

func ownedByOrdinaryUser(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fondaco-ordinary-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chown(dir, ordinaryUser, ordinaryUser); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, copyErr := io.Copy(out, in)
	if err := out.Close(); copyErr != nil || err != nil {
		t.Fatal(fmt.Errorf("copy the test program: %w, %w", copyErr, err))
	}
}
