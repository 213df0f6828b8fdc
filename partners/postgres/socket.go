package postgres

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// socketName is fixed by the port, which is the usual one since each socket has a folder of its own: psql -h FOLDER does.
const (
	socketName = ".s.PGSQL.5432"
	socketPort = "5432"
	socketMax  = 107 // bytes of sockaddr_un.sun_path, less the closing zero
)

// prepareSocket makes the folder of the socket, private to the account, and clears what a crash left in it. The folder is
// run/ beside the data when that path is short enough, and else one under a folder for temporary files.
func prepareSocket(dir string, as account, temporary []string) (string, error) {
	candidates := []string{filepath.Join(dir, "run")}
	for _, base := range temporary {
		if base != "" {
			candidates = append(candidates, filepath.Join(base, outsideName(dir, as.uid)))
		}
	}
	var problems []error
	for i, folder := range candidates {
		if len(filepath.Join(folder, socketName)) > socketMax {
			problems = append(problems, fmt.Errorf("%s: the path of a socket has at most %d bytes", folder, socketMax))
			continue
		}
		if closed := as.closedFolder(filepath.Dir(folder)); closed != "" && i > 0 {
			problems = append(problems, fmt.Errorf("%s: %s may not enter %s", folder, as.name, closed))
			continue
		}
		err := makePrivate(folder, as)
		if err == nil {
			return folder, nil
		}
		problems = append(problems, err)
	}
	return "", fmt.Errorf("no place for the server's socket: %w", errors.Join(problems...))
}

// makePrivate makes a folder that only the account (and root) may enter. In a shared folder somebody else may have made
// one of that name before: that is refused, not used.
func makePrivate(folder string, as account) error {
	err := os.Mkdir(folder, 0o700)
	made := err == nil
	if err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if made {
		if err := as.own(folder); err != nil {
			return err
		}
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	if uid, _ := ownerOf(info); !info.IsDir() || info.Mode().Perm()&0o077 != 0 || uid != as.uid {
		return fmt.Errorf("%s exists and is not a private folder of %s: remove it", folder, userName(as.uid))
	}
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// outsideName is what a socket's folder is called that does not stand in the cluster's own.
func outsideName(dir string, uid int) string {
	sum := sha256.Sum256([]byte(dir))
	return fmt.Sprintf("fondaco-%d-%x", uid, sum[:6])
}

// removeSocket takes away a folder outside the cluster's own, which nobody else would. It touches only what this package
// has made: the path may come from a file in the data directory.
func removeSocket(dir, folder string) error {
	info, err := os.Lstat(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if uid, _ := ownerOf(info); !info.IsDir() || filepath.Base(folder) != outsideName(dir, uid) {
		return nil
	}
	return os.RemoveAll(folder)
}

// temporaryFolders are where a socket may stand whose path beside the data would be too long.
func temporaryFolders() []string {
	return []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp", "/var/tmp"}
}
