package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// install makes the programs of an installation that know their version, and pg_config when it is named.
func install(t *testing.T, dir, version string, config string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	programs := map[string]string{
		"postgres": fmt.Sprintf("echo 'postgres (PostgreSQL) %s (Debian %s-1)'", version, version),
		"initdb":   "exit 1",
	}
	if config != "" {
		programs["pg_config"] = "echo " + config
	}
	for name, line := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+line+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	root := reachable(t)
	at := func(name string) string { return filepath.Join(root, name) }
	install(t, at("path"), "15.2", "")
	install(t, at("lib/9/bin"), "9.6.24", "")
	install(t, at("lib/14/bin"), "14.11", "")
	install(t, at("lib/16/bin"), "16.1", "")
	install(t, at("lib/19/bin"), "19beta1", "")
	install(t, at("config"), "13.9", at("lib/16/bin"))
	if err := os.MkdirAll(at("client"), 0o755); err != nil {
		t.Fatal(err)
	}
	everywhere := []string{at("lib/*/bin")}
	for _, tt := range []struct {
		name    string
		search  Search
		want    string
		refusal string
	}{
		{"the option wins", Search{BinDir: at("lib/14/bin"), Environ: []string{"PATH=" + at("path")}}, "lib/14/bin", ""},
		{"the variable wins over the path", Search{Environ: []string{"PATH=" + at("path"), BinDirVariable + "=" + at("lib/14/bin")}}, "lib/14/bin", ""},
		{"a folder that was asked for has no server", Search{BinDir: at("client"), Environ: []string{"PATH=" + at("path")}}, "", "no PostgreSQL server in " + at("client")},
		{"a folder that was asked for has another version", Search{BinDir: at("lib/14/bin"), Major: 16}, "", "no server of PostgreSQL 16 found"},
		{"pg_config leads elsewhere", Search{Environ: []string{"PATH=" + at("config") + ":" + at("path")}}, "lib/16/bin", ""},
		{"the path comes before the distribution's folders", Search{Environ: []string{"PATH=" + at("client") + ":" + at("path")}, Folders: everywhere}, "path", ""},
		{"the newest of the distribution's folders", Search{Environ: []string{}, Folders: everywhere}, "lib/19/bin", ""},
		{"the version of the data", Search{Environ: []string{"PATH=" + at("path")}, Folders: everywhere, Major: 14}, "lib/14/bin", ""},
		{"a version that is not there", Search{Environ: []string{"PATH=" + at("path")}, Folders: everywhere, Major: 17}, "", "no server of PostgreSQL 17 found on this machine; found 15.2 in "},
		{"only versions that are too old", Search{Environ: []string{}, Folders: []string{at("lib/9/bin")}}, "", "no PostgreSQL server found on this machine (version 14 or newer); found 9.6.24 in "},
		{"nothing", Search{Environ: []string{}, Folders: []string{}}, "", "no PostgreSQL server found on this machine (version 14 or newer)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Find(deadline(t), tt.search)
			if tt.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refusal) {
					t.Fatalf("Find = %+v, %v, want %q", got, err, tt.refusal)
				}
				var missing *NotFoundError
				if errors.As(err, &missing) && len(missing.Remedies) != 3 {
					t.Errorf("the refusal has remedies %+v, want three", missing.Remedies)
				}
				return
			}
			if err != nil || got.Dir != at(tt.want) {
				t.Errorf("Find = %+v, %v, want %s", got, err, at(tt.want))
			}
		})
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line, version string
		major         int
	}{
		{"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18", 15},
		{"postgres (PostgreSQL) 9.6.24\n", "9.6.24", 9},
		{"postgres (PostgreSQL) 19beta1\n", "19beta1", 19},
		{"postgres 15", "", 0},
		{"", "", 0},
	} {
		version, major, err := parseVersion(tt.line)
		if version != tt.version || major != tt.major || (err == nil) != (tt.major != 0) {
			t.Errorf("parseVersion(%q) = %q, %d, %v, want %q, %d", tt.line, version, major, err, tt.version, tt.major)
		}
	}
}

func TestInstallCommand(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, release string
		major         int
		want          string
	}{
		{"Debian", "ID=debian\nVERSION_ID=\"12\"\n", 0, "apt-get install -y postgresql"},
		{"Mint, by what it descends from", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", 16, "apt-get install -y postgresql-16"},
		{"Rocky", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", 0, "dnf install -y postgresql-server"},
		{"Fedora, one version", "ID=fedora\n", 16, "dnf install -y postgresql16-server"},
		{"Alpine", "ID=alpine\n", 17, "apk add postgresql17"},
		{"openSUSE", "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", 0, "zypper --non-interactive install postgresql-server"},
		{"unknown", "ID=plan9\n", 0, ""},
		{"no file", "", 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := strings.TrimPrefix(strings.Join(parseDistribution(tt.release).install(tt.major), " "), "sudo ")
			if got != tt.want {
				t.Errorf("install(%d) = %q, want %q", tt.major, got, tt.want)
			}
			for _, r := range remedies(parseDistribution(tt.release), tt.major) {
				if r.Text == "" || r.Command == "" || strings.Contains(r.Command, "\n") {
					t.Errorf("remedy %+v is not one line to paste", r)
				}
			}
		})
	}
}

func TestParsePIDFile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want pidFile
		err  bool
	}{
		{"123\n/d\n1\n5432\n/run/x\n\n 1 2\nready   \n", pidFile{123, "/run/x", "ready"}, false},
		{"123\n/d\n1\n5432\n/run/x\n", pidFile{123, "/run/x", ""}, false},
		{"-123\n/d\n", pidFile{123, "", ""}, false},
		{"123", pidFile{123, "", ""}, false},
		{"0\n", pidFile{}, true},
		{"", pidFile{}, true},
	} {
		got, err := parsePIDFile(tt.text)
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(pidFile{})); diff != "" || (err != nil) != tt.err {
			t.Errorf("parsePIDFile(%q): error %v, diff %s", tt.text, err, diff)
		}
	}
}
