package policy

import (
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// The closed lists of words that rules may use.
var (
	kindNames   = listKinds()
	actionNames = texts(Actions())
	classNames  = texts(schema.Classes())
	// roleNames are the roles of people, then those of nobody in person.
	roleNames = append(schema.Role("").Values(), roleEDI, roleSystem, roleMember)
)

const (
	rolePrefix      = "role:"
	agreementPrefix = "agreement:"
	childPrefix     = "child:"
	addressed       = "addressed"

	roleEDI    = "EDI"    // a trading partner's mailbox
	roleSystem = "SYSTEM" // a rule of the node
	roleMember = "MEMBER" // nobody has it; every role of a person inherits from it
)

func listKinds() []string {
	var list []string
	for _, k := range schema.Kinds() {
		list = append(list, k.Name)
	}
	return list
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return all
}

// shippedSubject is a subject of the shipped rules.
func shippedSubject(subject string) error {
	if kind, ok := strings.CutPrefix(subject, childPrefix); ok {
		return oneOf("child kind", kind, kindNames)
	}
	if subject == addressed {
		return nil
	}
	return roleSubject(subject)
}

func roleSubject(subject string) error {
	role, ok := strings.CutPrefix(subject, rolePrefix)
	if !ok {
		return fmt.Errorf("subject %q: write role: and the name of a role", subject)
	}
	return oneOf("role", role, roleNames)
}

// overrideSubject is a subject that a firm's administrator may speak of: the
// roles of people. Those of the node and of mailboxes are not the firm's to
// change.
func overrideSubject(subject string) error {
	if slices.Contains([]string{rolePrefix + roleEDI, rolePrefix + roleSystem}, subject) {
		return fmt.Errorf("subject %q is the node's own: write a role of people, or role:%s for all of them", subject, roleMember)
	}
	return roleSubject(subject)
}
