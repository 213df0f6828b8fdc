package trading

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fondaco/edi/ack"
	"fondaco/schema"
)

// Partner is the agreed way by which one firm sends files to a firm on this
// node.
type Partner struct {
	ID       schema.ID // minted when it is added
	Receiver schema.FirmID
	Sender   schema.FirmID
	// Name of its mailbox, which is that of a folder: small letters, digits and hyphens.
	Name string
	// How the two are named in an interchange: ISA05 to ISA08, or S002 and S003 of a UNB, where a qualifier may be
	// empty. A firm that sends in both standards has a Partner for each of its names.
	SenderQualifier, SenderID     string
	ReceiverQualifier, ReceiverID string
	// How their applications are named in a group; the names of the interchange where empty.
	SenderGroup, ReceiverGroup string
	// TestAllowed takes test interchanges: they are checked and acknowledged, and nothing is posted.
	TestAllowed bool
	// TA1 says when an interchange is acknowledged by itself; ErrorsOnly leaves accepted documents out of the 997.
	TA1        ack.When
	ErrorsOnly bool
	// HoldReused keeps other content under a control number that was used for a person to look at, where it is
	// rejected otherwise.
	HoldReused bool
	Terms
}

// Terms are what the two have agreed on about acknowledgments. The zero value
// answers with a 997, refuses a document with errors, and expects no answers.
type Terms struct {
	// Form of the answer to groups of X12: 997, which "" stands for, or 999.
	Form string
	// AcceptErrors takes a document whose segments or elements are wrong as far as it can be, and notes the errors (E),
	// where it is refused (R) otherwise. What cannot be kept as a record is refused in any case.
	AcceptErrors bool
	// RejectDamaged refuses an interchange as a whole when its envelope is wrong, where the error is noted otherwise.
	RejectDamaged bool
	// OnlyAsked sends a CONTRL only if the sender asks for it (UNB 0031), or something is wrong.
	OnlyAsked bool
	// ReceiptOnly answers EDIFACT with the receipt of the interchange alone.
	ReceiptOnly bool
	// AnswerAdvice answers an APERAK with a CONTRL too, as some partners demand; an 824 always gets its 997.
	AnswerAdvice bool
	// Transport is the way by which documents are sent to the partner: folder, which "" stands for, or https.
	Transport string
	// AcknowledgeWithin is how long after its delivery a document has to be acknowledged, in whole seconds; 0 for no limit.
	AcknowledgeWithin time.Duration
}

func (t *Terms) check() (field, message string) {
	switch {
	case t.Form != "" && t.Form != ack.Form997 && t.Form != ack.Form999:
		return "form", fmt.Sprintf("%q is no form of an acknowledgment; it is 997 or 999", t.Form)
	case t.Transport != "" && t.Transport != transportFolder && t.Transport != transportHTTPS:
		return "transport", fmt.Sprintf("%q is no way to send documents by; it is folder or https", t.Transport)
	case t.AcknowledgeWithin < 0 || t.AcknowledgeWithin%time.Second != 0:
		return "acknowledgeWithin", "give a time in whole seconds, such as 24h, or 0 for no limit"
	}
	return "", ""
}

// arguments are the columns that keep what can be changed.
func (p *Partner) arguments() pgx.StrictNamedArgs {
	reused := "REJECT"
	if p.HoldReused {
		reused = "HOLD"
	}
	return pgx.StrictNamedArgs{
		"id": p.ID, "senderQualifier": p.SenderQualifier, "senderID": p.SenderID, "receiverQualifier": p.ReceiverQualifier,
		"receiverID": p.ReceiverID, "senderGroup": p.SenderGroup, "receiverGroup": p.ReceiverGroup,
		"test": p.TestAllowed, "ta1": ta1Names[p.TA1], "errorsOnly": p.ErrorsOnly, "reused": reused,
		"form": cmp.Or(p.Form, ack.Form997), "acceptErrors": p.AcceptErrors, "rejectDamaged": p.RejectDamaged, "onlyAsked": p.OnlyAsked,
		"receiptOnly": p.ReceiptOnly, "answerAdvice": p.AnswerAdvice, "transport": cmp.Or(p.Transport, transportFolder),
		"within": int64(p.AcknowledgeWithin / time.Second),
	}
}

var (
	mailboxName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	ta1Names    = map[ack.When]string{ack.WhenAsked: "ASKED", ack.Always: "ALWAYS", ack.Never: "NEVER"}
)

func (p *Partner) check(op string) error {
	refuse := func(field, format string, args ...any) error {
		return &schema.Error{Code: schema.CodeInvalid, Op: op, Field: field, Message: fmt.Sprintf(format, args...)}
	}
	switch {
	case p.Receiver.IsZero() || p.Sender.IsZero():
		return refuse("receiver", "name the firm that receives and the firm that sends")
	case !mailboxName.MatchString(p.Name):
		return refuse("name", "%q is no name for a mailbox; use small letters, digits and hyphens", p.Name)
	}
	for field, id := range map[string][2]string{"senderId": {p.SenderQualifier, p.SenderID}, "receiverId": {p.ReceiverQualifier, p.ReceiverID}} {
		if len(id[0]) > 4 || id[1] == "" || len(id[1]) > 35 || strings.TrimSpace(id[0]+id[1]) != id[0]+id[1] {
			return refuse(field, "an interchange names a party by a qualifier and an id, such as ZZ and LUSODIST: of 2 and up to 15 characters in X12, of up to 4 and 35 in EDIFACT")
		}
	}
	if field, message := p.Terms.check(); field != "" {
		return refuse(field, "%s", message)
	}
	return nil
}

// AddPartner adds a trading partner, makes its mailbox, and gives the token
// that opens it over HTTPS; only its hash is kept. One that is there already,
// by the names in the envelope, is given as it stands, with an empty token.
// Files that were held because nobody knew their sender are tried again.
func (s *Service) AddPartner(ctx context.Context, p Partner) (Partner, string, error) {
	const op = "add trading partner"
	if err := p.check(op); err != nil {
		return p, "", err
	}
	p.ID = schema.NewID()
	token := "fdm_" + rand.Text()
	const statement = `
		INSERT INTO trading_partners (id, receiver_firm_id, sender_firm_id, mailbox, sender_qualifier, sender_id, receiver_qualifier,
			receiver_id, sender_group, receiver_group, test_allowed, ta1, errors_only, reused, token_hash, added_at, answer_form, accept_errors,
			reject_damaged, only_asked, receipt_only, answer_advice, transport, acknowledge_within)
		VALUES (@id, @receiver, @sender, @mailbox, @senderQualifier, @senderID, @receiverQualifier, @receiverID, @senderGroup,
			@receiverGroup, @test, @ta1, @errorsOnly, @reused, @token, @now, @form, @acceptErrors,
			@rejectDamaged, @onlyAsked, @receiptOnly, @answerAdvice, @transport, @within)
		ON CONFLICT ON CONSTRAINT trading_partners_envelope DO NOTHING`
	args := p.arguments()
	args["receiver"], args["sender"], args["mailbox"] = p.Receiver, p.Sender, p.Name
	args["token"], args["now"] = hashToken(token), s.o.Partners.Now()
	tag, err := s.pool.Exec(ctx, statement, args)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "trading_partners_mailbox" {
		return p, "", &schema.Error{Code: schema.CodeConflict, Op: op, Field: "name", Message: fmt.Sprintf("another mailbox is named %q; choose another name", p.Name), Err: err}
	}
	if err != nil {
		return p, "", fmt.Errorf("%s: %w", op, err)
	}
	if tag.RowsAffected() == 0 {
		token = ""
		list, err := s.query(ctx, "p.sender_qualifier = $1 AND p.sender_id = $2 AND p.receiver_qualifier = $3 AND p.receiver_id = $4",
			p.SenderQualifier, p.SenderID, p.ReceiverQualifier, p.ReceiverID)
		if err != nil || len(list) == 0 {
			return p, "", errors.Join(err, errors.New(op+": it was removed meanwhile"))
		}
		if list[0].Receiver != p.Receiver || list[0].Sender != p.Sender {
			return p, "", &schema.Error{Code: schema.CodeConflict, Op: op, Field: "senderId", Message: "other firms use these names in their envelopes already"}
		}
		p = list[0]
	}
	if err := makeMailbox(s.Folder(p)); err != nil {
		return p, "", err
	}
	return p, token, s.retryHeld(ctx, p)
}

// SetPartner changes what was agreed on with a trading partner: how the two
// are named in envelopes, whether tests are taken, how it is answered, and the
// terms. The firms and the mailbox stay as they were. What was sent under other
// names is still acknowledged under those alone. Files that were held because
// nobody knew their sender are tried again.
func (s *Service) SetPartner(ctx context.Context, p Partner) error {
	const op = "set trading partner"
	if err := p.check(op); err != nil {
		return err
	}
	const statement = `
		UPDATE trading_partners p
		SET sender_qualifier = @senderQualifier, sender_id = @senderID, receiver_qualifier = @receiverQualifier, receiver_id = @receiverID,
			sender_group = @senderGroup, receiver_group = @receiverGroup,
			test_allowed = @test, ta1 = @ta1, errors_only = @errorsOnly, reused = @reused, answer_form = @form, accept_errors = @acceptErrors,
			reject_damaged = @rejectDamaged, only_asked = @onlyAsked, receipt_only = @receiptOnly, answer_advice = @answerAdvice,
			transport = @transport, acknowledge_within = @within
		WHERE p.id = @id`
	tag, err := s.pool.Exec(ctx, statement, p.arguments())
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "trading_partners_envelope" {
		return &schema.Error{Code: schema.CodeConflict, Op: op, Field: "senderId", Message: "another trading partner has these names in its envelopes already", Err: err}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if tag.RowsAffected() == 0 {
		return &schema.Error{Code: schema.CodeNotFound, Op: op, Message: "no such trading partner"}
	}
	return s.retryHeld(ctx, p)
}

// NewToken gives a new token for the mailbox of a partner; the old one opens
// nothing any more.
func (s *Service) NewToken(ctx context.Context, partner schema.ID) (string, error) {
	token := "fdm_" + rand.Text()
	tag, err := s.pool.Exec(ctx, "UPDATE trading_partners SET token_hash = $2 WHERE id = $1", partner, hashToken(token))
	if err == nil && tag.RowsAffected() == 0 {
		err = &schema.Error{Code: schema.CodeNotFound, Op: "new token", Message: "no such trading partner"}
	}
	return token, err
}

// Folder is the mailbox of a partner: files are dropped into its in/.
func (s *Service) Folder(p Partner) string { return filepath.Join(s.o.Mailboxes, p.Name) }

// hashToken is what is kept of a token. It has 128 random bits, so that a fast
// hash is enough, and looking it up by its hash tells nothing about others.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Partners lists the trading partners in which the firm sends or receives.
func (s *Service) Partners(ctx context.Context, firm schema.FirmID) ([]Partner, error) {
	return s.query(ctx, "p.receiver_firm_id = $1 OR p.sender_firm_id = $1", firm)
}

// Mailbox gives the trading partner whose mailbox has this name.
func (s *Service) Mailbox(ctx context.Context, name string) (Partner, error) {
	list, err := s.query(ctx, "p.mailbox = $1", name)
	if err != nil {
		return Partner{}, err
	}
	if len(list) == 0 {
		return Partner{}, &schema.Error{Code: schema.CodeNotFound, Op: "trading partner", Field: "name", Message: fmt.Sprintf("no mailbox is named %q", name)}
	}
	return list[0], nil
}

func (s *Service) partnersList(ctx context.Context) ([]Partner, error) { return s.query(ctx, "true") }

func (s *Service) query(ctx context.Context, where string, args ...any) ([]Partner, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT p.id, p.receiver_firm_id, p.sender_firm_id, p.mailbox, p.sender_qualifier, p.sender_id, p.receiver_qualifier,
			p.receiver_id, p.sender_group, p.receiver_group, p.test_allowed, p.ta1, p.errors_only, p.reused, p.answer_form, p.accept_errors,
			p.reject_damaged, p.only_asked, p.receipt_only, p.answer_advice, p.transport, p.acknowledge_within
		FROM trading_partners p
		WHERE `+where+`
		ORDER BY p.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("list trading partners: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Partner, err error) {
		var ta1, reused string
		var within int64
		err = row.Scan((*[16]byte)(&p.ID), (*[16]byte)(&p.Receiver), (*[16]byte)(&p.Sender), &p.Name, &p.SenderQualifier, &p.SenderID,
			&p.ReceiverQualifier, &p.ReceiverID, &p.SenderGroup, &p.ReceiverGroup, &p.TestAllowed, &ta1, &p.ErrorsOnly, &reused, &p.Form, &p.AcceptErrors,
			&p.RejectDamaged, &p.OnlyAsked, &p.ReceiptOnly, &p.AnswerAdvice, &p.Transport, &within)
		p.AcknowledgeWithin = time.Duration(within) * time.Second
		for when, name := range ta1Names {
			if name == ta1 {
				p.TA1 = when
			}
		}
		p.HoldReused = reused == "HOLD"
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("list trading partners: %w", err)
	}
	return list, nil
}

// authenticate finds the partner whose mailbox a token opens.
func (s *Service) authenticate(ctx context.Context, token string) (Partner, error) {
	list, err := s.query(ctx, "p.token_hash = $1", hashToken(token))
	if err != nil {
		return Partner{}, err
	}
	if token == "" || len(list) == 0 {
		return Partner{}, errToken
	}
	return list[0], nil
}
