package bundle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// messages turns the catalogues of the EDI guides, one file a language, into
// a module: so app and command line say the same of a finding.
func messages(folder string) ([]byte, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	all := map[string]map[string][]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		language := strings.TrimSuffix(filepath.Base(name), ".txt")
		if all[language], err = catalogue(text); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	// Maps are written in the order of their keys.
	body, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "// Generated from the catalogues of package guide by \"go generate\". Do not edit.\n\n"+
		"/** By language and id of a finding: what it says, and how to mend it. */\n"+
		"export const messages: Record<string, Record<string, string[]>> = %s;\n", body), nil
}

// catalogue reads lines of an id, then indented: says "…", fix "…".
func catalogue(text []byte) (map[string][]string, error) {
	list := map[string][]string{}
	id := ""
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		verb, quoted, said := strings.Cut(line, " ")
		if !said {
			id = line
			list[id] = []string{"", ""}
			continue
		}
		sentence, err := strconv.Unquote(quoted)
		if err != nil || id == "" {
			return nil, fmt.Errorf("line %d: want an id, or a quoted sentence below one", n)
		}
		switch verb {
		case "says":
			list[id][0] = sentence
		case "fix":
			list[id][1] = sentence
		}
	}
	return list, lines.Err()
}
