package trading

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/exchange/trading/mailbox"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// The ways by which files come and go.
const (
	transportFolder = "folder"
	transportHTTPS  = "https"
	transportDrop   = "drop"
)

// outbound is a file that waits for a partner, or that it has fetched.
type outbound struct {
	ID          schema.ID  `json:"id"`
	Name        string     `json:"name"`
	SHA256      string     `json:"sha256"`
	Size        int64      `json:"size"`
	MadeAt      time.Time  `json:"madeAt"`
	DeliveredAt *time.Time `json:"fetchedAt,omitempty"`
	Answers     schema.ID  `json:"answers"`

	firm    schema.FirmID
	partner schema.ID
	sort    string
}

const outboundColumns = `b.id, b.name, b.sha256, length(b.bytes), b.made_at, b.delivered_at, b.answers, b.firm_id, b.partner_id, b.sort`

func (s *Service) outboundOf(ctx context.Context, where string, args ...any) ([]outbound, error) {
	rows, err := s.pool.Query(ctx, "SELECT "+outboundColumns+"\nFROM trading_outbound b\nWHERE "+where+"\nORDER BY b.made_at, b.id\nLIMIT 200", args...)
	if err != nil {
		return nil, fmt.Errorf("list what goes out: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o outbound, err error) {
		var at pgtype.Timestamptz
		err = row.Scan((*[16]byte)(&o.ID), &o.Name, &o.SHA256, &o.Size, &o.MadeAt, &at, (*[16]byte)(&o.Answers), (*[16]byte)(&o.firm), (*[16]byte)(&o.partner), &o.sort)
		if at.Valid {
			o.DeliveredAt = &at.Time
		}
		return o, err
	})
}

func (s *Service) outboundBytes(ctx context.Context, id schema.ID) ([]byte, error) {
	var data []byte
	err := s.pool.QueryRow(ctx, "SELECT b.bytes FROM trading_outbound b WHERE b.id = $1", id).Scan(&data)
	return data, err
}

// delivered notes that a partner has a file. Its interchange says so too, in
// the same transaction.
func (s *Service) delivered(ctx context.Context, o outbound) error {
	mark := func(ctx context.Context, tx pgx.Tx, _ []partners.Outcome) error {
		now := s.o.Partners.Now()
		if _, err := tx.Exec(ctx, "UPDATE trading_outbound SET delivered_at = $2 WHERE id = $1", o.ID, now); err != nil {
			return err
		}
		return awaited(ctx, tx, o.ID, now)
	}
	p := policy.System(o.firm)
	p.Via, p.Cause = "trading", o.Answers.String()
	var commands []partners.Command
	if o.sort != "REPORT" {
		commands = []partners.Command{{Verb: partners.Update, Kind: schema.Interchanges, ID: o.ID, Values: partners.Values{"state": string(schema.InterchangeDelivered)}}}
	}
	_, err := s.o.Partners.Write(policy.With(ctx, p), commands, mark)
	return err
}

// deliver puts what waits for folders there. A file that was written by a
// process which then died is written again: the same bytes under the same name.
func (s *Service) deliver(ctx context.Context, all []Partner) error {
	waiting, err := s.outboundOf(ctx, "b.delivered_at IS NULL AND b.transport = $1", transportFolder)
	if err != nil {
		return err
	}
	var errs []error
	for _, o := range waiting {
		for _, p := range all {
			if p.ID == o.partner {
				errs = append(errs, s.put(ctx, p, o))
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Service) put(ctx context.Context, p Partner, o outbound) error {
	f, err := s.mailbox(p)
	if err != nil {
		return err
	}
	data, err := s.outboundBytes(ctx, o.ID)
	if err != nil {
		return err
	}
	box := mailbox.Out
	if o.sort == "REPORT" {
		box = mailbox.Errors
	}
	if err := f.Put(box, o.Name, data); err != nil {
		return err
	}
	if err := s.step("deliver: written"); err != nil {
		return err
	}
	return s.delivered(ctx, o)
}

// takeFolders takes what rests in the mailboxes. Trouble with one does not
// keep the others waiting.
func (s *Service) takeFolders(ctx context.Context, all []Partner) error {
	var errs []error
	for _, p := range all {
		f, err := s.mailbox(p)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		claims, err := f.Claim(time.Now())
		errs = append(errs, err)
		for _, c := range claims {
			if err := s.takeClaim(ctx, p, f, c); err != nil {
				errs = append(errs, fmt.Errorf("mailbox %s: %s: %w", p.Name, c.Name, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Service) takeClaim(ctx context.Context, p Partner, f *mailbox.Folder, c mailbox.Claim) error {
	file, err := f.Open(c)
	if err != nil {
		return err
	}
	_, err = s.Receive(ctx, Delivery{Partner: p.ID, Firm: p.Sender, Transport: transportFolder, Key: p.Name + "/" + c.Key, Name: c.Name}, file)
	if err := errors.Join(err, file.Close()); err != nil {
		if code := schema.Code(err); code == schema.CodeLimit || code == schema.CodeInvalid {
			return f.Refuse(c, fmt.Sprintf("%s was not taken: %v.\n", c.Name, err))
		}
		return err // it stays claimed, and is tried again
	}
	if err := s.step("folder: received"); err != nil {
		return err
	}
	return f.Done(c)
}

func (s *Service) mailbox(p Partner) (*mailbox.Folder, error) {
	if f := s.folders[p.ID]; f != nil {
		return f, nil
	}
	f, err := mailbox.Open(s.Folder(p), s.o.Stable)
	if err == nil {
		s.folders[p.ID] = f
	}
	return f, err
}

// makeMailbox makes the folders of a mailbox before anybody polls it.
func makeMailbox(dir string) error {
	f, err := mailbox.Open(dir, 0)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
