package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MinMajor is the oldest major version of PostgreSQL that is used.
const MinMajor = 14

// BinDirVariable is the environment variable that names the folder with initdb and postgres, as [Search.BinDir] does.
const BinDirVariable = "FONDACO_PG_BINDIR"

// versionedFolders are where distributions keep servers of several versions side by side: Debian, Red Hat with PGDG,
// Alpine, SUSE, a build from source, Homebrew on both kinds of Mac and on Linux, Postgres.app.
var versionedFolders = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/libexec/postgresql*",
	"/usr/lib/postgresql*/bin",
	"/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// Binaries are the server programs of one installation of PostgreSQL.
type Binaries struct {
	Dir     string // the folder that holds initdb and postgres
	Version string // as the server tells it: "15.18"
	Major   int    // 15
}

// Search says where [Find] looks, and for what. The zero value looks everywhere for any usable version.
type Search struct {
	// BinDir is a folder that must be used; when it cannot be, Find does not look elsewhere. FONDACO_PG_BINDIR stands in
	// when it is empty.
	BinDir string
	// Major is the only version wanted, since data of one major version are unreadable to another; 0 is any from MinMajor.
	Major int
	// Environ is the environment to look in, in the form of os.Environ; nil is the environment of this process.
	Environ []string
	// Folders are glob patterns of further folders; nil is those of the known distributions.
	Folders []string
}

// Find returns the binaries to use: those of an explicit folder, else of pg_config, else on the PATH, else the newest of
// the distributions' versioned folders. When there are none it returns a [*NotFoundError], which carries the remedies.
func Find(ctx context.Context, s Search) (Binaries, error) {
	if explicit := s.explicit(); explicit != "" {
		b, err := inspect(ctx, explicit)
		if err != nil {
			return Binaries{}, fmt.Errorf("no PostgreSQL server in %s, the folder given by option or %s: %w",
				explicit, BinDirVariable, err)
		}
		if !s.wants(b) {
			return Binaries{}, s.notFound([]Binaries{b})
		}
		return b, nil
	}
	var refused []Binaries
	for _, candidates := range []func(context.Context) []string{s.fromConfig, s.fromPath, s.fromFolders} {
		var found []Binaries
		for _, dir := range candidates(ctx) {
			if b, err := inspect(ctx, dir); err == nil {
				found = append(found, b)
			}
		}
		// Folder names sort 9 after 10, so the version decides, not the name.
		slices.SortStableFunc(found, func(a, b Binaries) int { return b.Major - a.Major })
		for _, b := range found {
			if s.wants(b) {
				return b, nil
			}
		}
		refused = append(refused, found...)
	}
	if err := ctx.Err(); err != nil {
		return Binaries{}, fmt.Errorf("look for PostgreSQL: %w", err)
	}
	return Binaries{}, s.notFound(refused)
}

// program is the path of one of the server programs.
func (b Binaries) program(name string) string { return filepath.Join(b.Dir, name) }

func (s Search) wants(b Binaries) bool {
	return b.Major >= MinMajor && (s.Major == 0 || s.Major == b.Major)
}

func (s Search) notFound(refused []Binaries) error {
	refused = slices.CompactFunc(refused, func(a, b Binaries) bool { return a.Dir == b.Dir })
	return &NotFoundError{Major: s.Major, Refused: refused, Remedies: remedies(readDistribution("/"), s.Major)}
}

func (s Search) explicit() string {
	if s.BinDir != "" {
		return s.BinDir
	}
	return s.getenv(BinDirVariable)
}

func (s Search) fromConfig(ctx context.Context) []string {
	for _, dir := range s.fromPath(ctx) {
		program := filepath.Join(dir, "pg_config")
		if info, err := os.Stat(program); err != nil || info.Mode().Perm()&0o111 == 0 {
			continue
		}
		out, err := exec.CommandContext(ctx, program, "--bindir").Output()
		if err != nil {
			return nil
		}
		return []string{strings.TrimSpace(string(out))}
	}
	return nil
}

func (s Search) fromPath(context.Context) []string {
	dirs := filepath.SplitList(s.getenv("PATH"))
	return slices.DeleteFunc(dirs, func(dir string) bool { return !filepath.IsAbs(dir) })
}

func (s Search) fromFolders(context.Context) []string {
	patterns := s.Folders
	if patterns == nil {
		patterns = versionedFolders
	}
	var dirs []string
	for _, pattern := range patterns {
		found, _ := filepath.Glob(pattern) // the only error is a bad pattern, which finds nothing
		dirs = append(dirs, found...)
	}
	return dirs
}

func (s Search) getenv(name string) string {
	if s.Environ == nil {
		return os.Getenv(name)
	}
	for _, pair := range slices.Backward(s.Environ) {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}

// inspect asks the programs of a folder for their version. A folder with client programs alone is an error.
func inspect(ctx context.Context, dir string) (Binaries, error) {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return Binaries{}, err
		}
		if info.IsDir() || info.Mode().Perm()&0o111 == 0 {
			return Binaries{}, &fs.PathError{Op: "run", Path: filepath.Join(dir, name), Err: errors.New("not a program")}
		}
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("postgres --version: %w", err)
	}
	version, major, err := parseVersion(string(out))
	if err != nil {
		return Binaries{}, err
	}
	return Binaries{Dir: dir, Version: version, Major: major}, nil
}

// versionLine matches what postgres --version prints, also of a test release: "postgres (PostgreSQL) 15.18 (Debian ...)",
// "postgres (PostgreSQL) 19beta1".
var versionLine = regexp.MustCompile(`\(PostgreSQL\) ((\d+)[.\w]*)`)

func parseVersion(line string) (version string, major int, err error) {
	m := versionLine.FindStringSubmatch(line)
	if m == nil {
		return "", 0, fmt.Errorf("postgres --version: no version in %q", line)
	}
	if major, err = strconv.Atoi(m[2]); err != nil {
		return "", 0, fmt.Errorf("postgres --version: %w", err)
	}
	return m[1], major, nil
}
