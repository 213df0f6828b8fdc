package policy

import (
	"errors"
	"fmt"
	"strings"

	"fondaco/schema"
)

// maxOverrides is how many lines a firm may write of its own.
const maxOverrides = 200

// parseOverrides reads the lines of a firm's administrator. They speak of the
// roles of people in that firm, and of nothing else: how roles inherit is
// shipped, and what agreements open is said in their terms.
func parseOverrides(firm schema.FirmID, text string) ([]line, error) {
	lines, _, err := overrideDialect(firm).parse(text)
	return lines, err
}

func overrideDialect(firm schema.FirmID) dialect {
	return dialect{name: "overrides", domain: firm.String(), subject: overrideSubject, max: maxOverrides}
}

// CheckOverrides tells what is wrong with the lines of a firm's administrator
// before they are stored. They have the form of the shipped templates, with
// the firm's id as domain:
//
//	p, role:SUPPORT, <firm>, Customer|Contact, edit, firm, personal, deny
//
// In place of firm a rule that allows may reach no further than own, team or
// subtree; one that denies may take away firm, or what lies beyond:own,
// beyond:team or beyond:subtree. There are no more than 200 of them, and all
// invariants among the shipped policy tests hold with them: so they cannot
// lock the administrators out of changing them again, nor let an auditor
// change what is audited.
func CheckOverrides(firm schema.FirmID, text string) error {
	if _, _, err := compileFirm(firm, text); err != nil {
		return err
	}
	var invariants []*Suite
	for _, s := range shippedSuites() {
		if s.Invariant {
			invariants = append(invariants, s)
		}
	}
	report, err := RunTests(firm, text, invariants...)
	if err != nil {
		return err
	}
	var broken []error
	for _, f := range report.Failures[:min(len(report.Failures), maxBroken)] {
		broken = append(broken, fmt.Errorf("overrides break what holds at every firm: %s (%s): change the rule that does", f.Test, f.Asked+" "+f.Got))
	}
	return errors.Join(broken...)
}

// maxBroken is how many broken invariants are told at once.
const maxBroken = 10

// adminNeeds is what administrators need to change the rules again.
var adminNeeds = []topic{{schema.Firms, Administer}, {schema.Firms, Read}, {schema.Memberships, Edit}, {schema.Memberships, Read}}

// keepsAdministrators refuses overrides that nobody could take back.
func keepsAdministrators(s *shard) error {
	for _, need := range adminNeeds {
		c, err := s.ask(rolePrefix+string(schema.Administrator), need.kind, need.action)
		if err != nil {
			return err
		}
		if !c.alone.Allowed {
			return fmt.Errorf("overrides deny role:%s to %s %s (%s): take that out, or nobody could change the rules again",
				schema.Administrator, need.action, need.kind, strings.ReplaceAll(c.rule, "\n", "; "))
		}
	}
	return nil
}
