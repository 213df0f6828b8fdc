package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/gateway/sdl"
	"fondaco/partners"
	"fondaco/schema"
)

// keepKeys is how long an idempotency key is remembered.
const keepKeys = 7 * 24 * time.Hour

// once makes a request with an idempotency key happen once: its row is
// written in the transaction of the request. Without a key it does nothing.
type once struct {
	firm    schema.FirmID
	key     string
	hash    []byte
	deletes bool
}

// newOnce takes the key from the input, and a hash of all else.
func newOnce(ctx context.Context, c *sdl.Command, input map[string]any) (*once, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	o := &once{firm: p.Firm, deletes: c.Deletes()}
	o.key, _ = input["idempotencyKey"].(string)
	delete(input, "idempotencyKey")
	if len(o.key) > 200 {
		return nil, invalid("idempotencyKey", "has %d bytes; at most 200 are allowed", len(o.key))
	}
	raw, err := json.Marshal(input) // keys are sorted
	if err != nil {
		return nil, fmt.Errorf("hash of the request: %w", err)
	}
	sum := sha256.Sum256(append([]byte(c.Name+"\n"+p.User.String()+"\n"), raw...))
	o.hash = sum[:]
	return o, nil
}

// errRepeated rolls a repetition back that ran beside the first request.
var errRepeated = errors.New("the request was carried out already under its idempotency key")

// hook writes the row of a command.
func (o *once) hook(now func() time.Time) partners.Hook {
	return func(ctx context.Context, tx pgx.Tx, outcomes []partners.Outcome) error {
		return o.hookFor(now, outcomes[0].Kind, outcomes[0].ID)(ctx, tx)
	}
}

// hookFor writes the row of a request that concerns a record. A transaction
// that wrote the same key and has not ended yet is waited for.
func (o *once) hookFor(now func() time.Time, k *schema.Kind, id schema.ID) func(context.Context, pgx.Tx) error {
	return func(ctx context.Context, tx pgx.Tx) error {
		if o.key == "" {
			return nil
		}
		const statement = `
			INSERT INTO gateway_idempotency (firm_id, key, request_hash, kind, record_id, made_at)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (firm_id, key) DO UPDATE
			SET request_hash = excluded.request_hash, kind = excluded.kind, record_id = excluded.record_id, made_at = excluded.made_at
			WHERE gateway_idempotency.made_at <= $7`
		tag, err := tx.Exec(ctx, statement, o.firm.String(), o.key, o.hash, k.Name, id.String(), now(), now().Add(-keepKeys))
		if err != nil {
			return fmt.Errorf("remember the idempotency key: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errRepeated
		}
		return nil
	}
}

// idempotent runs do, unless its request was carried out before: then it
// gives the result of that.
func (g *Gateway) idempotent(ctx context.Context, o *once, do func() (result, error)) (result, error) {
	if o.key == "" {
		return do()
	}
	if r, found, err := g.earlier(ctx, o); found || err != nil {
		return r, err
	}
	r, err := do()
	if err == nil {
		return r, nil
	}
	// A repetition that ran beside the first request fails on what that has changed, such as the version.
	if first, found, lookup := g.earlier(ctx, o); found && lookup == nil {
		return first, nil
	} else if lookup != nil && errors.Is(lookup, errKeyUsed) {
		return result{}, lookup
	}
	return result{}, err
}

// earlier finds what came of an earlier request with the same key.
func (g *Gateway) earlier(ctx context.Context, o *once) (result, bool, error) {
	const statement = `
		SELECT i.request_hash, i.kind, i.record_id::text, i.made_at
		FROM gateway_idempotency i
		WHERE i.firm_id = $1 AND i.key = $2 AND i.made_at > $3`
	var hash []byte
	var kind, id string
	var madeAt time.Time
	err := g.partners.Pool().QueryRow(ctx, statement, o.firm.String(), o.key, g.now().Add(-keepKeys)).Scan(&hash, &kind, &id, &madeAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return result{}, false, nil
	}
	if err != nil {
		return result{}, false, fmt.Errorf("look for the idempotency key: %w", err)
	}
	if !bytes.Equal(hash, o.hash) {
		return result{}, false, errKeyUsed
	}
	record, err := schema.ParseID(id)
	return result{kind: schema.KindNamed(kind), id: record, deleted: o.deletes, madeAt: madeAt.UTC()}, true, err
}

// forgetKeys deletes what is older than it need be remembered.
func (g *Gateway) forgetKeys(ctx context.Context) error {
	const keys = "DELETE FROM gateway_idempotency WHERE made_at < $1"
	if _, err := g.partners.Pool().Exec(ctx, keys, g.now().Add(-keepKeys)); err != nil {
		return fmt.Errorf("forget idempotency keys: %w", err)
	}
	const uploads = "DELETE FROM gateway_uploads WHERE made_at < $1"
	if _, err := g.partners.Pool().Exec(ctx, uploads, g.now().Add(-uploadKeep)); err != nil {
		return fmt.Errorf("forget uploads: %w", err)
	}
	return nil
}
