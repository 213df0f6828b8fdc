package federation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/exchange/federation/link"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// Pairing takes three steps. The first firm's node makes an invitation; the
// second joins by it and gives an answer; the first accepts the answer. The
// tokens are passed on by people, who compare the fingerprints before they go
// on: joining and accepting are the two confirmations.

// invitationLife is how long an invitation can be answered.
const invitationLife = 7 * 24 * time.Hour

// Invite makes a token by which a firm elsewhere can pair with a firm on this
// node. It can be answered once, within seven days.
func (n *Node) Invite(ctx context.Context, firm schema.FirmID) (string, error) {
	address := n.advertise
	if n.server == nil {
		return "", &schema.Error{
			Code: schema.CodeInvalid, Op: "invite",
			Message: "this node runs no nats-server of its own; let the other firm invite, and join here",
		}
	}
	if address == "" {
		address = n.server.Address()
	}
	if address == "" {
		return "", &schema.Error{
			Code: schema.CodeInvalid, Op: "invite",
			Message: "this node listens on no address for partners; set one and start it again, or let the other firm invite",
		}
	}
	card, err := n.card(ctx, firm, newToken())
	if err != nil {
		return "", err
	}
	card.Address, card.Pin = address, n.server.Pin()
	if err := n.store.invite(ctx, firm, card.Secret, card.Expires, n.now()); err != nil {
		return "", err
	}
	return n.token(card)
}

// Join pairs a firm on this node with the firm whose invitation the token is,
// and gives the answer that the other has to accept.
func (n *Node) Join(ctx context.Context, firm schema.FirmID, token string) (string, error) {
	theirs, err := n.read(firm, token)
	if err != nil {
		return "", err
	}
	if theirs.Address == "" {
		return "", &schema.Error{Code: schema.CodeInvalid, Op: "join", Message: "this token is an answer; it belongs to the firm that invited"}
	}
	ours, err := n.card(ctx, firm, theirs.Secret)
	if err != nil {
		return "", err
	}
	if err := n.meet(ctx, firm, theirs); err != nil {
		return "", err
	}
	return n.token(ours)
}

// Accept takes the answer to an invitation of a firm on this node, which
// completes the pairing, and offers a partnership to the other firm.
func (n *Node) Accept(ctx context.Context, firm schema.FirmID, answer string) error {
	theirs, err := n.read(firm, answer)
	if err != nil {
		return err
	}
	if theirs.Address != "" {
		return &schema.Error{Code: schema.CodeInvalid, Op: "accept", Message: "this token is an invitation; join by it"}
	}
	if err := n.store.answered(ctx, firm, theirs.Secret, n.now()); err != nil {
		return err
	}
	_, err = n.store.peering(ctx, pair{firm, theirs.Firm})
	known := err == nil
	if err := n.meet(ctx, firm, theirs); err != nil || known {
		return err
	}
	_, err = n.service.Write(n.as(ctx, firm), []partners.Command{{
		Verb: partners.Create, Kind: schema.Partnerships,
		Values: partners.Values{"name": "Partnership with " + theirs.Name(), "addressedTo": theirs.Firm.ID()},
	}})
	if err != nil {
		return fmt.Errorf("offer a partnership to %s: %w", theirs.Firm, err)
	}
	return nil
}

// as gives the principal who pairs: the person who asked, or the node.
func (n *Node) as(ctx context.Context, firm schema.FirmID) context.Context {
	if p, known := policy.From(ctx); known && p.Firm == firm {
		return ctx
	}
	return policy.With(ctx, policy.System(firm))
}

func (n *Node) read(firm schema.FirmID, token string) (*Card, error) {
	card, err := ReadCard(token)
	if err != nil {
		return nil, err
	}
	if card.Firm == firm {
		return nil, &schema.Error{Code: schema.CodeInvalid, Op: "pair", Message: "this token is your own firm's; give it to the other firm"}
	}
	if n.now().After(card.Expires) {
		return nil, &schema.Error{Code: schema.CodeInvalid, Op: "pair", Message: "the invitation has expired; ask for a new one"}
	}
	return card, nil
}

// card describes a firm on this node.
func (n *Node) card(ctx context.Context, firm schema.FirmID, secret link.Token) (*Card, error) {
	id, err := n.identity(firm)
	if err != nil {
		return nil, err
	}
	c := &Card{
		Firm: firm, Key: id.SigningKey(), Transport: id.TransportKey, Secret: secret,
		Expires: n.now().Add(invitationLife).UTC().Truncate(time.Second), Particulars: map[string]string{},
	}
	var fields []*schema.Field
	for _, f := range schema.Firms.Fields {
		if f.Type == schema.Text && !f.System {
			fields = append(fields, f)
		}
	}
	pages, err := n.service.Read(policy.With(ctx, policy.System(firm)), &partners.Plan{
		Kind: schema.Firms, IDs: []schema.ID{firm.ID()}, Fields: fields, First: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("read firm %s: %w", firm, err)
	}
	if len(pages[0].Rows) == 0 {
		return nil, &schema.Error{Code: schema.CodeNotFound, Op: "pair", Message: fmt.Sprintf("firm %s does not live on this node", firm)}
	}
	for i, cell := range pages[0].Rows[0].Cells {
		if len(cell) > 0 {
			c.Particulars[fields[i].Name] = string(cell)
		}
	}
	return c, nil
}

func (n *Node) token(c *Card) (string, error) {
	id, err := n.identity(c.Firm)
	if err != nil {
		return "", err
	}
	return c.encode(id)
}

// meet keeps the other firm's record and keys, and lets the link begin.
func (n *Node) meet(ctx context.Context, firm schema.FirmID, theirs *Card) error {
	now := n.now()
	record, err := theirs.record(now)
	if err != nil {
		return err
	}
	applied, err := n.service.Apply(ctx, partners.Incoming{
		From: theirs.Firm, To: firm, Cause: "pairing", Puts: []partners.Projection{record},
	})
	if err != nil {
		return fmt.Errorf("keep the record of firm %s: %w", theirs.Firm, err)
	}
	if len(applied.Refused) > 0 {
		return fmt.Errorf("keep the record of firm %s: %w", theirs.Firm, applied.Refused[0].Err)
	}
	err = n.store.add(ctx, peering{
		pair: pair{firm, theirs.Firm}, Name: theirs.Name(), Key: theirs.Key, Transport: theirs.Transport,
		Hub: theirs.Address, Pin: theirs.Pin, PairedAt: now, Sender: link.Sender{State: link.Fresh},
	})
	if err != nil {
		return err
	}
	select {
	case n.paired <- struct{}{}:
	default:
	}
	return nil
}

// record is the firm's record as the card states it.
func (c *Card) record(now time.Time) (partners.Projection, error) {
	kind := schema.Firms
	particulars := map[string]string{}
	var mask schema.Mask
	for _, f := range kind.Fields {
		if text, stated := c.Particulars[f.Name]; stated && f.Type == schema.Text && !f.System {
			particulars[f.Name], mask = text, mask.With(f.Bit)
		}
	}
	fields, err := json.Marshal(particulars)
	if err != nil {
		return partners.Projection{}, fmt.Errorf("record of firm %s: %w", c.Firm, err)
	}
	return partners.Projection{
		Kind: kind, ID: c.Firm.ID(), Owner: c.Firm, Version: 1, Mask: mask, Fields: fields, CreatedAt: now, UpdatedAt: now,
	}, nil
}

// invite keeps the hash of an invitation's secret, and forgets those that
// nobody has answered in time.
func (s *store) invite(ctx context.Context, firm schema.FirmID, secret link.Token, expires, now time.Time) error {
	var b pgx.Batch
	b.Queue("INSERT INTO federation_invitations (secret_hash, firm_id, expires_at) VALUES ($1, $2, $3)", hash(secret), firm, expires)
	b.Queue("DELETE FROM federation_invitations i WHERE i.expires_at < $1", now)
	return commit(ctx, s.pool, "keep invitation", &b)
}

// answered takes an invitation off the list: it is good for one answer.
func (s *store) answered(ctx context.Context, firm schema.FirmID, secret link.Token, now time.Time) error {
	const statement = "DELETE FROM federation_invitations i WHERE i.secret_hash = $1 AND i.firm_id = $2 AND i.expires_at > $3"
	tag, err := s.pool.Exec(ctx, statement, hash(secret), firm, now)
	if err != nil {
		return fmt.Errorf("take answer: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return &schema.Error{
			Code: schema.CodeInvalid, Op: "accept",
			Message: "no open invitation of your firm has this answer; it was answered before, or has expired: invite again",
		}
	}
	return nil
}
