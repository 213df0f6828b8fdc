package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// A line is one rule for one subject, with one type, action and class or set of fields, or *.
type line struct {
	sub, dom, typ, act, scope, fields, eft string
	rings                                  uint8  // the row scopes at which it holds, a bit each
	source                                 string // file and number of the line, and the line as it was written
}

// An edge says that a role inherits what another one may.
type edge struct{ role, from string }

// A dialect is what the lines of one source may say. Everything else is
// refused: Casbin itself would take a word that it does not know for a rule
// that never matches, also when that rule was meant to deny.
type dialect struct {
	name     string // of the file, for messages
	domain   string // the only domain that the lines may name
	subject  func(string) error
	scopes   []string // of subjects that are no roles; those of roles are the row scopes
	inherits bool     // whether roles may be made to inherit
	allows   bool     // whether it has no deny lines: only allow
	max      int      // most lines, 0 for no limit
}

const (
	scopeFirm      = "firm"      // the records of the subject's own firm
	scopeAll       = "all"       // all records of the owner
	scopeFilter    = "filter"    // those that meet the term's filter
	scopeCounts    = "counts"    // how many there are
	scopeOverlap   = "overlap"   // which of the reader's own records the owner has too
	scopeGranted   = "granted"   // those granted one by one
	scopeChildren  = "children"  // those that belong to a record that is open
	scopeAddressed = "addressed" // those that another firm addressed to the reader's
)

// every stands in a rule for all domains, kinds, actions or classes.
const every = "*"

const (
	effectAllow = "allow"
	effectDeny  = "deny"
)

// parse reads the lines of a source. Any mistake is an error that names the
// line and the remedy, and nothing of the source is used.
func (d dialect) parse(text string) (lines []line, edges []edge, err error) {
	count := 0
	for i, raw := range strings.Split(text, "\n") {
		written := strings.TrimSpace(raw)
		if written == "" || strings.HasPrefix(written, "#") {
			continue
		}
		if count++; d.max > 0 && count > d.max {
			return nil, nil, fmt.Errorf("%s has more than %d rules: join rules that differ in type, action or class alone, with |", d.name, d.max)
		}
		where := fmt.Sprintf("%s:%d", d.name, i+1)
		got, edge, err := d.parseLine(raw, where+": "+written)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", where, err)
		}
		if lines = append(lines, got...); edge != nil {
			edges = append(edges, *edge)
		}
	}
	return lines, edges, nil
}

func (d dialect) parseLine(raw, source string) ([]line, *edge, error) {
	tokens := strings.Split(raw, ",")
	for i, t := range tokens {
		tokens[i] = strings.Trim(t, " \t")
		if err := checkToken(tokens[i]); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case tokens[0] == "p" && len(tokens) == 8:
		lines, err := d.rule(tokens[1:], source)
		return lines, nil, err
	case tokens[0] == "g" && len(tokens) == 4 && d.inherits:
		edge, err := d.inheritance(tokens[1:])
		return nil, edge, err
	case tokens[0] == "p":
		return nil, nil, fmt.Errorf("has %d entries: write p, subject, domain, types, actions, scope, classes, effect", len(tokens))
	case tokens[0] == "g" && d.inherits:
		return nil, nil, fmt.Errorf("has %d entries: write g, role, the role it inherits from, domain", len(tokens))
	}
	return nil, nil, fmt.Errorf("begins with %q: write a rule that begins with p", tokens[0])
}

// checkToken refuses what no token may hold. "$$" joins the parts of a key in
// Casbin's own cache; it is not used here, and shall not matter if it ever is.
func checkToken(token string) error {
	switch {
	case token == "":
		return errors.New("has an empty entry: state it, or write * where all are meant")
	case strings.Contains(token, "$$"), strings.ContainsAny(token, "\x00\r\n\"'`"):
		return fmt.Errorf("entry %q has a character that no entry may have: use letters, digits, : * | / - and _", token)
	}
	return nil
}

// rule reads subjects, domain, types, actions, scope, classes and effect, and
// gives one line for each subject, type, action and class.
func (d dialect) rule(t []string, source string) ([]line, error) {
	subjects, err := d.subjects(t[0])
	if err != nil {
		return nil, err
	}
	if err := d.inDomain(t[1]); err != nil {
		return nil, err
	}
	types, err := spread("type", t[2], kindNames)
	if err != nil {
		return nil, err
	}
	actions, err := spread("action", t[3], actionNames)
	if err != nil {
		return nil, err
	}
	if err := d.effect(t[6]); err != nil {
		return nil, err
	}
	if err := d.scope(t[0], t[4], t[6]); err != nil {
		return nil, err
	}
	classes, err := spreadFields(t[5], types)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(t[0], rolePrefix) && slices.ContainsFunc(classes, func(c string) bool {
		return c == every || c == string(schema.Internal)
	}) {
		return nil, errors.New("opens class internal to another firm: name the classes basic, personal, commercial")
	}
	var rings uint8
	for _, ring := range ringsOf(t[4]) {
		rings |= 1 << ring
	}
	var lines []line
	for _, sub := range subjects {
		for _, typ := range types {
			for _, act := range actions {
				for _, class := range classes {
					lines = append(lines, line{sub, t[1], typ, act, t[4], class, t[6], rings, source})
				}
			}
		}
	}
	return lines, nil
}

// subjects reads one subject, or several roles: role:SALES|SUPPORT.
func (d dialect) subjects(token string) ([]string, error) {
	all := []string{token}
	if roles, ok := strings.CutPrefix(token, rolePrefix); ok {
		all = strings.Split(roles, "|")
		for i, role := range all {
			all[i] = rolePrefix + role
		}
	}
	for i, subject := range all {
		if err := d.subject(subject); err != nil {
			return nil, err
		}
		if slices.Contains(all[:i], subject) {
			return nil, fmt.Errorf("subject %q stands twice: name it once", subject)
		}
	}
	return all, nil
}

func (d dialect) inDomain(domain string) error {
	if domain != d.domain {
		return fmt.Errorf("domain %q: write %s; rules hold for that domain alone", domain, d.domain)
	}
	return nil
}

func (d dialect) effect(eft string) error {
	if d.allows && eft == effectDeny {
		return errors.New("effect deny cannot stand here: leave the rule out, what is not allowed is denied")
	}
	return oneOf("effect", eft, []string{effectAllow, effectDeny})
}

// scope reads how far a rule reaches. Among the rows of a firm one that allows
// names what it reaches, and one that denies what it takes away: with both
// kinds of words a wide scope never lets do more than a narrow one.
func (d dialect) scope(subject, scope, eft string) error {
	switch {
	case !strings.HasPrefix(subject, rolePrefix):
		return oneOf("scope", scope, d.scopes)
	case eft == effectDeny:
		return oneOf("scope of a rule that denies", scope, append([]string{scopeFirm}, beyondNames...))
	}
	return oneOf("scope", scope, scopeNames)
}

// spreadFields reads "*", or classes and sets of fields joined by "|". A set
// must be one of each type that the rule names.
func spreadFields(token string, types []string) ([]string, error) {
	known := classNames
	for i, name := range types {
		var sets []string
		if k := schema.KindNamed(name); k != nil {
			sets = setNames(k)
		}
		if i > 0 {
			sets = slices.DeleteFunc(sets, func(set string) bool { return !slices.Contains(known, set) })
		}
		known = slices.Concat(classNames, sets)
	}
	return spread("class", token, known)
}

func (d dialect) inheritance(t []string) (*edge, error) {
	for _, role := range t[:2] {
		if err := d.subject(role); err != nil {
			return nil, err
		}
	}
	return &edge{t[0], t[1]}, d.inDomain(t[2])
}

// spread reads "*" or names joined by "|", each one of the list.
func spread(what, token string, list []string) ([]string, error) {
	if token == every {
		return []string{every}, nil
	}
	var all []string
	for name := range strings.SplitSeq(token, "|") {
		if err := oneOf(what, name, list); err != nil {
			return nil, err
		}
		if slices.Contains(all, name) {
			return nil, fmt.Errorf("%s %q stands twice: name it once", what, name)
		}
		all = append(all, name)
	}
	return all, nil
}

func oneOf(what, token string, list []string) error {
	if !slices.Contains(list, token) {
		return fmt.Errorf("%s %q is not known: write one of %s", what, token, strings.Join(list, ", "))
	}
	return nil
}

// maxDepth is how many steps a role may inherit over. Casbin links no more
// than ten, and drops the rest without a word.
const maxDepth = 8

// checkInheritance refuses circles and chains that are too long.
func checkInheritance(edges []edge) error {
	var walk func(role string, path []string) error
	walk = func(role string, path []string) error {
		if slices.Contains(path, role) {
			return fmt.Errorf("%s inherits from itself by way of %s: take one of these g lines out", role, strings.Join(path, ", "))
		}
		if path = append(path, role); len(path) > maxDepth+1 {
			return fmt.Errorf("%s inherits over more than %d steps: let it inherit from %s directly", path[0], maxDepth, role)
		}
		for _, e := range edges {
			if e.role == role {
				if err := walk(e.from, slices.Clone(path)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, e := range edges {
		if err := walk(e.role, nil); err != nil {
			return err
		}
	}
	return nil
}
