package socket

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/coder/websocket"
)

// message is what travels in both directions.
type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// read reads messages until the connection ends.
func (c *connection) read(ctx context.Context) error {
	session, err := c.init(ctx)
	if err != nil {
		return err
	}
	c.operations.Go(func() {
		if err := c.engine.Watch(session); err != nil && session.Err() == nil {
			c.cancel(violationOf(err))
		}
	})
	idle := time.AfterFunc(2*c.PingEvery, func() { c.cancel(errGone) })
	defer idle.Stop()
	for {
		m, err := c.receive(session)
		if err != nil {
			return err
		}
		idle.Reset(2 * c.PingEvery)
		if err := c.handle(session, m); err != nil {
			return err
		}
	}
}

var errGone = errors.New("the client does not answer")

// reason fits an error into the 123 bytes that a close frame has for it.
func reason(err error) string {
	text := err.Error()
	return text[:min(len(text), 120)]
}

// receive reads one message.
func (c *connection) receive(ctx context.Context) (message, error) {
	var m message
	typ, raw, err := c.conn.Read(context.WithoutCancel(ctx))
	if err != nil {
		return m, err
	}
	if typ != websocket.MessageText || json.Unmarshal(raw, &m) != nil || m.Type == "" {
		return m, &violation{code: CloseInvalid, reason: "want a message of " + Protocol}
	}
	return m, nil
}

// init waits for connection_init, and acknowledges it.
func (c *connection) init(ctx context.Context) (context.Context, error) {
	late := time.AfterFunc(c.InitTimeout, func() { c.cancel(&violation{code: CloseInitTimeout, reason: "Connection initialisation timeout"}) })
	defer late.Stop()
	for {
		m, err := c.receive(ctx)
		if err != nil {
			return nil, err
		}
		switch m.Type {
		case "connection_init":
			session, err := c.engine.Init(ctx, m.Payload)
			if err != nil {
				return nil, violationOf(err)
			}
			return session, c.send([]byte(`{"type":"connection_ack"}`))
		case "ping", "pong":
			if err := c.handle(ctx, m); err != nil {
				return nil, err
			}
		case "subscribe":
			return nil, &violation{code: CloseUnauthorized, reason: "Unauthorized"}
		default:
			return nil, &violation{code: CloseInvalid, reason: "want connection_init first"}
		}
	}
}

func (c *connection) handle(ctx context.Context, m message) error {
	switch m.Type {
	case "connection_init":
		return &violation{code: CloseTooManyInits, reason: "Too many initialisation requests"}
	case "ping":
		return c.send(frame("pong", "", m.Payload))
	case "pong":
		return nil
	case "complete":
		c.stop(m.ID)
		return nil
	case "subscribe":
		return c.subscribe(ctx, m)
	default:
		return &violation{code: CloseInvalid, reason: "want a message of " + Protocol}
	}
}

func (c *connection) subscribe(ctx context.Context, m message) error {
	var r Request
	if m.ID == "" || len(m.ID) > 200 || json.Unmarshal(m.Payload, &r) != nil || r.Query == "" {
		return &violation{code: CloseInvalid, reason: "subscribe wants an id and a payload with a query"}
	}
	op, taken := c.claim(ctx, m.ID)
	switch {
	case taken:
		return &violation{code: CloseDuplicate, reason: "Subscriber for " + m.ID[:min(len(m.ID), 80)] + " already exists"}
	case op == nil:
		return c.send(frame("error", m.ID, []byte(`[{"message":"too many operations on one connection","extensions":{"code":"LIMIT"}}]`)))
	}
	c.operations.Go(func() { c.run(op, m.ID, r) })
	return nil
}

// claim gives the context of a new operation; nil if the id is taken, or if
// there are too many.
func (c *connection) claim(ctx context.Context, id string) (op context.Context, taken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, taken := c.running[id]; taken || len(c.running) >= c.Operations {
		return nil, taken
	}
	op, c.running[id] = context.WithCancel(ctx)
	return op, false
}

// run carries out one operation. When the client has completed it, nothing
// more is sent for it: its id may be in use anew.
func (c *connection) run(ctx context.Context, id string, r Request) {
	errs := c.engine.Run(ctx, r, func(result []byte) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return c.send(frame("next", id, result))
	})
	if ctx.Err() != nil {
		return
	}
	c.stop(id)
	if errs != nil {
		_ = c.send(frame("error", id, errs))
		return
	}
	_ = c.send(frame("complete", id, nil))
}

// stop ends an operation, if it still runs, and frees its id.
func (c *connection) stop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.running[id]; cancel != nil {
		cancel()
		delete(c.running, id)
	}
}

// frame writes a message around a payload that is JSON already.
func frame(typ, id string, payload []byte) []byte {
	b := make([]byte, 0, len(payload)+len(id)+48)
	b = append(b, `{"type":"`...)
	b = append(append(b, typ...), '"')
	if id != "" {
		text, err := json.Marshal(id)
		if err != nil {
			panic("socket: a string always encodes: " + err.Error())
		}
		b = append(append(b, `,"id":`...), text...)
	}
	if len(payload) > 0 {
		b = append(append(b, `,"payload":`...), payload...)
	}
	return append(b, '}')
}
