package partners

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// Personal tells whether what the principal of the context sees of any of the
// kinds, or without any of all kinds, depends on who it is, beside its firm,
// its roles, its teams and the scopes of its token: a rule may reach the
// records of some people alone. What is rendered for one person must then not
// be given to another one.
func (s *Service) Personal(ctx context.Context, kinds ...*schema.Kind) (bool, error) {
	p, err := principal(ctx)
	if err != nil {
		return false, err
	}
	if len(kinds) == 0 {
		kinds = schema.Kinds()
	}
	personal := false
	var rules *ruleSet
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(pgx.Tx) error {
		now := s.Now()
		personal = slices.ContainsFunc(kinds, func(k *schema.Kind) bool {
			return slices.ContainsFunc(rules.View(p, k, policy.Read, now).Paths, func(path policy.Path) bool {
				return path.Type == policy.Member && path.Within != policy.FirmRows
			})
		})
		return nil
	})
	return personal, err
}
