package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// settings remembers where the settings come from. A flag wins over the
// environment, that over the file, that over the default.
type settings struct {
	file string
	// fromFile has the names that the file set.
	fromFile map[string]bool
}

// known are the names in the environment that fondaco reads. Any other that
// begins with FONDACO_ is a slip of the pen, and says so.
var known = []string{
	"FONDACO_CONFIG", "FONDACO_DATABASE_URL", "FONDACO_DATABASE_CONNECTIONS", "FONDACO_NATS_URL", "FONDACO_LISTEN", "FONDACO_DATA", "FONDACO_BEHIND_PROXY",
	"FONDACO_TLS_CERT", "FONDACO_TLS_KEY", "FONDACO_PEER_LISTEN", "FONDACO_PUBLIC_URL", "FONDACO_LOG", "FONDACO_PG_BINDIR",
	"FONDACO_INSTALL_POSTGRES", "FONDACO_TEST_DATABASE_URL", "FONDACO_EDI_CORPUS", "FONDACO_BROWSER", "FONDACO_SHOTS", "FONDACO_GRAPHQL_AUDIT", "FONDACO_TOKEN", "FONDACO_NODE_URL",
}

// loadSettings reads the file of settings, if one is named, into the
// environment, and refuses names that nothing reads.
func loadSettings(args []string) (*settings, error) {
	s := &settings{file: configFile(args), fromFile: map[string]bool{}}
	if s.file != "" {
		if err := s.read(); err != nil {
			return nil, err
		}
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "FONDACO_") && !slices.Contains(known, name) && !strings.HasPrefix(name, "FONDACO_TEST") {
			return nil, fail(exitUsage, nil, "there is no setting %s; did you mean %s?", name, nearest(name))
		}
	}
	return s, nil
}

func configFile(args []string) string {
	for i, a := range args {
		if value, ok := strings.CutPrefix(a, "--config="); ok {
			return value
		}
		if a == "--config" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv("FONDACO_CONFIG")
}

func (s *settings) read() error {
	f, err := os.Open(filepath.Clean(s.file))
	if err != nil {
		return fail(exitUsage, err, "the file of settings cannot be read: %v", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if !ok || !slices.Contains(known, name) {
			return fail(exitUsage, nil, "%s:%d: want a line such as FONDACO_LISTEN=127.0.0.1:8080; did you mean %s?", s.file, n, nearest(name))
		}
		if _, set := os.LookupEnv(name); set {
			continue
		}
		s.fromFile[name] = true
		if err := os.Setenv(name, strings.Trim(strings.TrimSpace(value), `"`)); err != nil {
			return fail(exitUsage, err, "%s:%d: %v", s.file, n, err)
		}
	}
	return lines.Err()
}

// nearest gives the known name with the fewest letters to change.
func nearest(name string) string {
	best, least := known[0], len(name)+100
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, drop or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = 1 + min(diagonal, row[j], row[j-1])
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}

// defaultData is where data lie unless told otherwise: for root where system
// services keep theirs, for others in their home.
func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/fondaco"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "fondaco")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), fmt.Sprintf("fondaco-%d", os.Getuid()))
	}
	return filepath.Join(home, ".local", "share", "fondaco")
}
