package postgrestest

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const (
	memory = "/dev/shm"
	// A container often has 64 MB there, which a handful of databases fills.
	memoryTotal = 2 << 30
	memoryFree  = 1 << 30
)

// folder is where this user's shared server keeps its things.
type folder string

func (f folder) users() string   { return filepath.Join(string(f), "users.lock") }
func (f folder) keeper() string  { return filepath.Join(string(f), "keeper.lock") }
func (f folder) log() string     { return filepath.Join(string(f), "keeper.log") }
func (f folder) cluster() string { return filepath.Join(string(f), "cluster") }

// Folder returns a folder for a cluster of the test's own, private to the user, which is deleted when the test ends. It is
// in memory where there is enough: the thousand files of new data wait at the disk for everything that others write there.
// Programs may be forbidden to run from it.
func Folder(t testing.TB) string {
	t.Helper()
	parent := ""
	if enoughMemory() {
		parent = memory
	}
	dir, err := os.MkdirTemp(parent, "fondaco-postgrestest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// sharedFolder finds the folder, or makes it in memory or among the temporary files. Its name is known to everybody, so a
// folder that somebody else made under it is refused.
func sharedFolder() (folder, error) {
	name := fmt.Sprintf("fondaco-test-%d", os.Geteuid())
	dir := filepath.Join(os.TempDir(), name)
	if inMemory := filepath.Join(memory, name); enoughMemory() || isOwn(inMemory) {
		dir = inMemory
	}
	// The account that runs the server for root passes through.
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.Mkdir(dir, mode); err != nil && !os.IsExist(err) {
		return "", err
	}
	if !isOwn(dir) {
		return "", fmt.Errorf("%s belongs to somebody else, or others may write to it: remove it", dir)
	}
	return folder(dir), nil
}

func enoughMemory() bool {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil {
		return false
	}
	size := uint64(fs.Bsize)
	return fs.Blocks*size >= memoryTotal && fs.Bavail*size >= memoryFree
}

func isOwn(dir string) bool {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
