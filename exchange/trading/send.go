package trading

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// Outgoing are documents for a trading partner: one interchange.
type Outgoing struct {
	Partner schema.ID
	// Guide is what they are written by, such as x12/004010/844.
	Guide     string
	Documents []OutgoingDocument
	Test      bool
}

// OutgoingDocument is a canonical record that is sent, as the map of its set
// states it; [mapping.Map.Record] makes one of records of package schema.
type OutgoingDocument struct {
	Record *mapping.Object
	// Number is the document's own, such as that of an order or claim: a partner may name it by this when it refuses it.
	Number string
}

// Sending is an interchange on its way.
type Sending struct {
	Interchange   schema.ID
	Name          string
	ControlNumber string
	Bytes         []byte
}

// Send writes documents as an interchange, validates it, and puts it into what
// waits for the partner, with the numbers by which its answers will be known.
// The firm of the context's principal is the sender: it is the one that receives
// from the partner, and it needs to be allowed to send interchanges.
func (s *Service) Send(ctx context.Context, o Outgoing) (Sending, error) {
	p, err := s.recipient(ctx, o.Partner)
	if err != nil {
		return Sending{}, err
	}
	g, err := s.guides.Load(o.Guide)
	if err != nil {
		return Sending{}, &schema.Error{Code: schema.CodeInvalid, Op: "send", Field: "guide", Message: err.Error(), Err: err}
	}
	for range 5 { // somebody else may take the same control number
		sending, err := s.trySend(ctx, p, g, o)
		if !errors.Is(err, errLease) {
			return sending, err
		}
	}
	return Sending{}, &schema.Error{Code: schema.CodeUnavailable, Op: "send", Message: "too much is sent to this partner at once; try again in a moment"}
}

// recipient is the partner, if the principal may send to it.
func (s *Service) recipient(ctx context.Context, id schema.ID) (Partner, error) {
	who, _ := policy.From(ctx)
	list, err := s.query(ctx, "p.id = $1 AND p.receiver_firm_id = $2", id, who.Firm)
	if err != nil {
		return Partner{}, err
	}
	if len(list) == 0 {
		return Partner{}, &schema.Error{Code: schema.CodeNotFound, Op: "send", Field: "partner", Message: "no such trading partner"}
	}
	may, err := s.o.Partners.May(ctx, schema.Interchanges, policy.Send)
	if err == nil && !may {
		err = &schema.Error{Code: schema.CodeDenied, Op: "send", Kind: schema.Interchanges.Name, Message: "your roles do not allow to send documents"}
	}
	return list[0], err
}

func (s *Service) trySend(ctx context.Context, p Partner, g *guide.Guide, o Outgoing) (Sending, error) {
	out := &answer{id: schema.NewID(), form: counted(g), sender: plain(p.ReceiverQualifier + ":" + p.ReceiverID), receiver: plain(p.SenderQualifier + ":" + p.SenderID)}
	var err error
	if out.control, err = s.nextControl(ctx, p.Receiver, g.Standard.String(), out); err != nil {
		return Sending{}, err
	}
	out.name = fmt.Sprintf("%s-%09d.edi", strings.ToLower(g.Set), out.control)
	if out.data, err = s.outgoing(p, g, o, out.reference()); err != nil {
		return Sending{}, &schema.Error{Code: schema.CodeInvalid, Op: "send", Message: err.Error(), Err: err}
	}
	now, size := s.o.Partners.Now(), int64(len(out.data))
	i := &schema.Interchange{
		FileName: out.name, Flow: schema.Sent, Standard: g.Standard.String(), ControlNumber: out.reference(), Sender: p.ReceiverID, Receiver: p.SenderID,
		ExchangedAt: now, State: schema.InterchangeQueued, Test: o.Test, SHA256: sumOf(out.data), Size: &size,
	}
	i.ID, i.AddressedTo, i.SentAt = out.id, p.Sender, now
	system := policy.System(p.Receiver)
	system.Via, system.Cause = "trading", out.id.String()
	command := partners.Command{Verb: partners.Create, Kind: schema.Interchanges, ID: i.ID, Values: valuesOf(i)}
	_, err = s.o.Partners.Write(policy.With(ctx, system), []partners.Command{command}, func(ctx context.Context, tx pgx.Tx, _ []partners.Outcome) error {
		if err := takeControl(ctx, tx, p.Receiver, g.Standard.String(), out); err != nil {
			return err
		}
		return s.queueSending(ctx, tx, p, g, o, out)
	})
	if err != nil {
		return Sending{}, err
	}
	s.rouse()
	return Sending{Interchange: out.id, Name: out.name, ControlNumber: out.reference(), Bytes: out.data}, nil
}

// counted is under which name the numbers of a standard are counted: documents
// and acknowledgments share them.
func counted(g *guide.Guide) string {
	if g.Standard == edi.EDIFACT {
		return "CONTRL"
	}
	return "997"
}

// outgoing writes and validates the interchange.
func (s *Service) outgoing(p Partner, g *guide.Guide, o Outgoing, control string) ([]byte, error) {
	if len(o.Documents) == 0 {
		return nil, errors.New("there is nothing to send; give at least one document")
	}
	m, err := s.maps.Map(g)
	if err != nil {
		return nil, err
	}
	var records, written bytes.Buffer
	for i, d := range o.Documents {
		line, err := json.Marshal(mapping.Record{
			Kind: m.Target, Guide: g.Name, Interchange: control, Group: strings.TrimLeft(control, "0"), Transaction: transactionNumber(i), Record: d.Record,
		})
		if err != nil {
			return nil, err
		}
		records.Write(append(line, '\n'))
	}
	err = mapping.Write(&written, &records, s.guides, s.maps, mapping.WriteOptions{
		SenderQualifier: p.ReceiverQualifier, Sender: p.ReceiverID, SenderGroup: p.ReceiverGroup,
		ReceiverQualifier: p.SenderQualifier, Receiver: p.SenderID, ReceiverGroup: p.SenderGroup,
		Date: s.o.Partners.Now(), Test: o.Test,
	})
	return written.Bytes(), err
}

func transactionNumber(i int) string { return fmt.Sprintf("%04d", i+1) }

// queueSending notes what is sent, in the transaction of its record.
func (s *Service) queueSending(ctx context.Context, tx pgx.Tx, p Partner, g *guide.Guide, o Outgoing, out *answer) error {
	const queue = `
		INSERT INTO trading_outbound (id, partner_id, firm_id, sort, transport, answers, name, bytes, sha256, made_at)
		VALUES (@id, @partner, @firm, 'DOCUMENT', @transport, @id, @name, @bytes, @sha256, @now)`
	_, err := tx.Exec(ctx, queue, pgx.StrictNamedArgs{
		"id": out.id, "partner": p.ID, "firm": p.Receiver, "transport": cmp.Or(p.Transport, transportFolder), "name": out.name, "bytes": out.data,
		"sha256": sumOf(out.data), "now": s.o.Partners.Now(),
	})
	if err != nil {
		return err
	}
	group, functional := strconv.FormatInt(out.control, 10), g.Group
	if g.Standard == edi.EDIFACT {
		group, functional = "", ""
	}
	for i, d := range o.Documents {
		const note = `
			INSERT INTO trading_sent (interchange_id, place, partner_id, firm_id, standard, sender, receiver, interchange, functional_id,
				group_number, set_id, number, document)
			VALUES (@id, @place, @partner, @firm, @standard, @sender, @receiver, @interchange, @functional, @group, @set, @number, @document)`
		_, err := tx.Exec(ctx, note, pgx.StrictNamedArgs{
			"id": out.id, "place": i + 1, "partner": p.ID, "firm": p.Receiver, "standard": g.Standard.String(), "sender": p.ReceiverID,
			"receiver": p.SenderID, "interchange": strconv.FormatInt(out.control, 10), "functional": functional, "group": group, "set": g.Set,
			"number": strconv.Itoa(i + 1), "document": d.Number,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
