package policy

import (
	"fmt"

	"fondaco/schema"
)

// maxOverrides is how many lines a firm may write of its own.
const maxOverrides = 200

// parseOverrides reads the lines of a firm's administrator. They speak of the
// roles of people in that firm, and of nothing else: how roles inherit is
// shipped, and what agreements open is said in their terms.
func parseOverrides(firm schema.FirmID, text string) ([]line, error) {
	d := dialect{
		name: "overrides", domain: firm.String(), subject: overrideSubject,
		scopes: []string{scopeFirm}, max: maxOverrides,
	}
	lines, _, err := d.parse(text)
	return lines, err
}

// CheckOverrides tells what is wrong with the lines of a firm's administrator
// before they are stored. They have the form of the shipped templates, with
// the firm's id as domain:
//
//	p, role:SUPPORT, <firm>, Customer|Contact, edit, firm, personal, deny
//
// There are no more than 200 of them, and they cannot lock the administrators
// out of changing them again.
func CheckOverrides(firm schema.FirmID, text string) error {
	_, err := compileFirm(firm, text)
	return err
}

// keepsAdministrators refuses overrides that nobody could take back.
func keepsAdministrators(s *shard) error {
	for _, need := range []struct {
		kind   *schema.Kind
		action Action
	}{{schema.Firms, Administer}, {schema.Firms, Read}, {schema.Memberships, Edit}, {schema.Memberships, Read}} {
		c, err := s.ask(rolePrefix+string(schema.Administrator), need.kind, need.action)
		if err != nil {
			return err
		}
		if !c.alone.Allowed {
			return fmt.Errorf("overrides deny role:%s to %s %s (%s): take that out, or nobody could change the rules again",
				schema.Administrator, need.action, need.kind, c.rule)
		}
	}
	return nil
}
