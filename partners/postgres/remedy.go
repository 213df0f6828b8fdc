package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// NotFoundError is the answer when no usable PostgreSQL is on the machine. A command that meets it prints the remedies
// and exits with code 3; nothing was started and nothing written.
type NotFoundError struct {
	Major    int        // the only version that could read the existing data, 0 when there are none
	Data     string     // the data directory that asked for it, empty when there is none
	Refused  []Binaries // installations found, of versions that cannot be used
	Remedies []Remedy   // what the user can do, the most likely first
}

// Remedy is one way out of a refusal.
type Remedy struct {
	Text    string   // what it does: "install the server"
	Command string   // one line to paste into a shell
	Install []string // the same as program and arguments when it installs a package without asking, else nil
}

// Error tells the cause on one line, without the remedies.
func (e *NotFoundError) Error() string {
	var b strings.Builder
	switch {
	case e.Data != "":
		fmt.Fprintf(&b, "the data in %s were made by PostgreSQL %d, which is not installed", e.Data, e.Major)
	case e.Major != 0:
		fmt.Fprintf(&b, "no server of PostgreSQL %d found on this machine", e.Major)
	default:
		fmt.Fprintf(&b, "no PostgreSQL server found on this machine (version %d or newer)", MinMajor)
	}
	for i, found := range e.Refused {
		b.WriteString([]string{"; found ", ", "}[min(i, 1)])
		fmt.Fprintf(&b, "%s in %s", found.Version, found.Dir)
	}
	return b.String()
}

// distribution is what /etc/os-release tells: the ids of the distribution and of those it descends from.
type distribution struct {
	ids []string
}

func readDistribution(root string) distribution {
	if runtime.GOOS == "darwin" {
		return distribution{ids: []string{"darwin"}}
	}
	for _, name := range []string{"etc/os-release", "usr/lib/os-release"} {
		if text, err := os.ReadFile(filepath.Join(root, name)); err == nil {
			return parseDistribution(string(text))
		}
	}
	return distribution{}
}

func parseDistribution(text string) distribution {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			values[key] = strings.Trim(value, `"'`)
		}
	}
	return distribution{ids: strings.Fields(strings.ToLower(values["ID"] + " " + values["ID_LIKE"]))}
}

// packagers tell how each family installs a server; %s is the major version or nothing. Where a family has no package
// per version, its newest is installed.
var packagers = []struct {
	ids            []string
	any, versioned string
	asUser         bool // the packager refuses to run as root
}{
	{ids: []string{"debian", "ubuntu"}, any: "apt-get install -y postgresql", versioned: "apt-get install -y postgresql-%s"},
	{ids: []string{"alpine"}, any: "apk add postgresql", versioned: "apk add postgresql%s"},
	{ids: []string{"arch"}, any: "pacman -S --noconfirm postgresql", versioned: "pacman -S --noconfirm postgresql"},
	{ids: []string{"suse", "opensuse"}, any: "zypper --non-interactive install postgresql-server",
		versioned: "zypper --non-interactive install postgresql%s-server"},
	{ids: []string{"amzn"}, any: "dnf install -y postgresql15-server", versioned: "dnf install -y postgresql%s-server"},
	{ids: []string{"fedora", "rhel", "centos"}, any: "dnf install -y postgresql-server",
		versioned: "dnf install -y postgresql%s-server"},
	{ids: []string{"darwin"}, any: "brew install postgresql@17", versioned: "brew install postgresql@%s", asUser: true},
}

func (d distribution) install(major int) []string {
	for _, id := range d.ids {
		for _, p := range packagers {
			if !slices.Contains(p.ids, id) {
				continue
			}
			line := p.any
			if major != 0 {
				line = strings.ReplaceAll(p.versioned, "%s", strconv.Itoa(major))
			}
			if os.Geteuid() != 0 && !p.asUser {
				line = "sudo " + line
			}
			return strings.Fields(line)
		}
	}
	return nil
}

func remedies(d distribution, major int) []Remedy {
	var list []Remedy
	if command := d.install(major); command != nil {
		list = append(list, Remedy{Text: "install the server", Command: strings.Join(command, " "), Install: command})
	} else {
		list = append(list, Remedy{Text: "install the server by the system's packages, then name its folder",
			Command: BinDirVariable + "=/path/to/postgresql/bin fondaco demo"})
	}
	image := "postgres:17"
	if major != 0 {
		image = "postgres:" + strconv.Itoa(major)
	}
	return append(list,
		Remedy{Text: "use a server that runs elsewhere",
			Command: "DATABASE_URL=postgres://USER@HOST:5432/fondaco fondaco demo"},
		Remedy{Text: "run the server in a container",
			Command: "docker run -d --name fondaco-postgres -e POSTGRES_HOST_AUTH_METHOD=trust -p 127.0.0.1:5432:5432 " +
				image + " && DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres fondaco demo"},
	)
}
