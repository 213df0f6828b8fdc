package partners

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"fondaco/policy"
	"fondaco/schema"
)

// Checkpoint is the state of a firm's sealed lines: how many there are, and
// the root of the Merkle tree over them (RFC 6962, by package tlog). Kept
// outside the database, it proves later that none of them was changed, not
// even by one who rewrites the database and its seal as a whole.
type Checkpoint struct {
	Firm schema.FirmID
	Size int64
	Root tlog.Hash
}

const checkpointTitle = "fondaco audit checkpoint"

// MarshalText gives the checkpoint as four lines, to be printed, sent or
// signed.
func (c Checkpoint) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%s\n%s\n%d\n%s\n", checkpointTitle, c.Firm, c.Size, c.Root), nil
}

// UnmarshalText reads what MarshalText gave.
func (c *Checkpoint) UnmarshalText(text []byte) error {
	refused := &schema.Error{Code: schema.CodeInvalid, Op: "read checkpoint", Field: "checkpoint", Message: "this is no checkpoint; give the four lines as they were printed"}
	lines := strings.Split(string(bytes.TrimSpace(text)), "\n")
	if len(lines) != 4 || lines[0] != checkpointTitle {
		return refused
	}
	firm, err := schema.ParseID(lines[1])
	if err != nil {
		return refused
	}
	size, err := strconv.ParseInt(lines[2], 10, 64)
	if err != nil || size < 0 {
		return refused
	}
	root, err := base64.StdEncoding.DecodeString(lines[3])
	if err != nil || len(root) != tlog.HashSize {
		return refused
	}
	*c = Checkpoint{Firm: schema.FirmID(firm), Size: size, Root: tlog.Hash(root)}
	return nil
}

// Checkpoint gives the present state of the seal over the lines of the
// principal's firm. What was written within the last moments may not be
// sealed yet; call Seal before to have it in.
func (s *Service) Checkpoint(ctx context.Context) (Checkpoint, error) {
	var c Checkpoint
	err := s.audit(ctx, func(tx pgx.Tx, firm schema.FirmID) error {
		trees, err := loadTrees(ctx, tx, []leaf{{firm: firm}})
		if err != nil {
			return err
		}
		c.Firm, c.Size = firm, trees[firm].size
		c.Root, err = trees[firm].root()
		return err
	})
	return c, err
}

// ReadsOf lists, the latest first, the statements by which readers of other
// firms were given records of the principal's firm; with a record, those that
// gave that one. before, if above 0, is the number behind which the list begins.
func (s *Service) ReadsOf(ctx context.Context, record *Record, before int64, most int) ([]AuditedRead, error) {
	var list []AuditedRead
	err := s.audit(ctx, func(tx pgx.Tx, firm schema.FirmID) error {
		const statement = `
			SELECT ` + readColumns + `
			FROM audit_reads r
			WHERE r.owner_firm_id = $1
				AND ($2::uuid IS NULL OR $2 = ANY (r.ids))
				AND ($3::bigint = 0 OR r.number < $3)
			ORDER BY r.number DESC
			LIMIT $4`
		var id schema.ID
		if record != nil {
			id = record.ID
		}
		rows, err := tx.Query(ctx, statement, uuid(firm.ID()), uuid(id), before, min(most, PageLimit))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanRead)
		return err
	})
	return list, err
}

// audit runs do, in one snapshot and behind the fence of the principal's
// firm, for somebody who may look at how the firm's records are kept: its
// administrators and auditors, and rules of the node.
func (s *Service) audit(ctx context.Context, do func(pgx.Tx, schema.FirmID) error) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	var rules *ruleSet
	return s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) error {
		if !mayAudit(rules, p) {
			return notAuditor()
		}
		if err := fence(ctx, tx, p.Firm); err != nil {
			return err
		}
		return do(tx, p.Firm)
	})
}

func notAuditor() error {
	return denied(schema.Firms, "may not be audited by your roles; ask an administrator or an auditor of your firm")
}

// mayAudit tells whether somebody may look at how the firm's records are
// kept, and who sees them.
func mayAudit(rules *ruleSet, p policy.Principal) bool {
	return rules.Decide(p, schema.Firms, policy.Administer).Allowed || rules.Decide(p, schema.Grants, policy.Export).Allowed
}
