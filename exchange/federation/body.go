package federation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"

	"fondaco/policy"
	"fondaco/schema"
)

// The bytes of documents do not travel in batches. The firm that holds a copy
// of a version asks its owner for them, piece by piece; the owner asks its
// policy for each piece, so that taking a document back ends a download that
// runs. What has arrived is kept over a restart.

const bodyType = "fondaco-body 1"

// piece is how many bytes are asked for at once.
const piece = 512 << 10

// bodyRequest asks for a piece. The firm that asks has signed it.
type bodyRequest struct {
	From    schema.FirmID `json:"from"`
	To      schema.FirmID `json:"to"`
	Version schema.ID     `json:"version"`
	Offset  int64         `json:"offset"`
}

// The first lines of answers.
const (
	bodyHere = "here\n" // and then the bytes; none behind the end
	bodyGone = "gone\n" // there is no such version, or it may not be read
	bodyWait = "wait\n" // the owner cannot answer now
)

// fetcher gets the bytes of the documents that one peer shares.
type fetcher struct {
	pair
	node *Node
	from *transport
	wake chan struct{}
}

func (f *fetcher) rouse() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// run fetches what is missing whenever something arrived, and now and then:
// what failed is tried again.
func (f *fetcher) run(ctx context.Context) error {
	log := f.node.log.With(slog.Any("firm", f.Firm), slog.Any("peer", f.Peer))
	pause := backoff{least: 200 * time.Millisecond, most: 30 * time.Second}
	for {
		err := f.all(ctx)
		if err != nil {
			if !pause.wait(ctx, log, "fetch documents", err) {
				return nil
			}
			continue
		}
		pause.reset()
		f.node.progress.tell()
		select {
		case <-ctx.Done():
			return nil
		case <-f.wake:
		case <-time.After(time.Minute):
		}
	}
}

func (f *fetcher) all(ctx context.Context) error {
	missing, err := f.node.service.MissingBodies(ctx, f.Firm, f.Peer)
	if err != nil {
		return err
	}
	var failed error
	for _, version := range missing {
		if err := f.one(ctx, version); err != nil {
			failed = errors.Join(failed, fmt.Errorf("bytes of document version %s: %w", version, err))
		}
	}
	return errors.Join(failed, f.tidy(missing))
}

// one fetches the bytes of a version, from where it was left off.
func (f *fetcher) one(ctx context.Context, version schema.ID) error {
	if err := os.MkdirAll(f.node.parts(), 0o700); err != nil {
		return err
	}
	part, err := os.OpenFile(f.part(version), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer part.Close()
	offset, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	for {
		bytes, err := f.ask(ctx, version, offset)
		if errors.Is(err, errGone) {
			return errors.Join(err, os.Remove(part.Name()))
		}
		if err != nil {
			return err
		}
		if len(bytes) == 0 {
			break
		}
		if _, err := part.Write(bytes); err != nil {
			return err
		}
		offset += int64(len(bytes))
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return err
	}
	// What arrived is spent: either it is right and kept elsewhere, or it is wrong and begun anew.
	err = f.node.service.KeepBody(ctx, f.Firm, version, part)
	if schema.Code(err) == schema.CodeUnavailable {
		return err
	}
	return errors.Join(err, os.Remove(part.Name()))
}

// errGone tells that the owner has no such bytes for us.
var errGone = errors.New("the owner does not share it any more")

// ask gets one piece.
func (f *fetcher) ask(ctx context.Context, version schema.ID, offset int64) ([]byte, error) {
	id, err := f.node.identity(f.Firm)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(bodyRequest{f.Firm, f.Peer, version, offset})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answer, err := f.from.conn.RequestWithContext(ctx, subject(topicBody, f.Peer, f.Firm), seal(bodyType, id.signing, text))
	if err != nil {
		return nil, fmt.Errorf("ask the owner: %w", err)
	}
	if content, here := bytes.CutPrefix(answer.Data, []byte(bodyHere)); here && len(content) <= piece {
		return content, nil
	}
	if string(answer.Data) == bodyGone {
		return nil, errGone
	}
	return nil, errors.New("the owner's node cannot answer now")
}

// tidy removes what was begun and is not wanted any more.
func (f *fetcher) tidy(missing []schema.ID) error {
	wanted := map[string]bool{}
	for _, version := range missing {
		wanted[f.part(version)] = true
	}
	begun, err := filepath.Glob(filepath.Join(f.node.parts(), f.Firm.String()+"."+f.Peer.String()+".*"))
	if err != nil {
		return err
	}
	var failed error
	for _, path := range begun {
		if !wanted[path] {
			failed = errors.Join(failed, os.Remove(path))
		}
	}
	return failed
}

// parts is the folder of what has arrived in part.
func (n *Node) parts() string { return filepath.Join(n.folder, "arriving") }

func (f *fetcher) part(version schema.ID) string {
	return filepath.Join(f.node.parts(), f.Firm.String()+"."+f.Peer.String()+"."+version.String())
}

// serveBodies answers requests for bytes of a firm's documents.
func (n *Node) serveBodies(ctx context.Context, t *transport, firm schema.FirmID) (*nats.Subscription, error) {
	return t.conn.Subscribe(everyone(topicBody, firm), func(m *nats.Msg) {
		answer, err := n.body(ctx, firm, m)
		if err != nil {
			n.log.Warn("federation: bytes of a document were not given",
				slog.Any("firm", firm), slog.String("subject", m.Subject), slog.Any("cause", err))
		}
		_ = m.Respond(answer) // whoever asked asks again
	})
}

// body gives the answer to a request.
func (n *Node) body(ctx context.Context, firm schema.FirmID, m *nats.Msg) ([]byte, error) {
	request, err := n.openBodyRequest(firm, m)
	if err != nil {
		return []byte(bodyGone), err
	}
	reader := policy.With(ctx, policy.Node(request.From))
	file, version, err := n.service.OpenBody(reader, request.Version)
	switch {
	case schema.Code(err) == schema.CodeNotFound:
		return []byte(bodyGone), nil
	case err != nil:
		return []byte(bodyWait), err
	}
	defer file.Close()
	if version.Owner != firm {
		return []byte(bodyGone), nil
	}
	buffer := make([]byte, len(bodyHere)+piece)
	copy(buffer, bodyHere)
	read, err := file.ReadAt(buffer[len(bodyHere):], request.Offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return []byte(bodyWait), err
	}
	return buffer[:len(bodyHere)+read], nil
}

// openBodyRequest checks who asks, and reads what for.
func (n *Node) openBodyRequest(firm schema.FirmID, m *nats.Msg) (*bodyRequest, error) {
	to, from, err := parties(m.Subject)
	if err != nil {
		return nil, err
	}
	r := n.relay(pair{firm, from})
	if r == nil || to != firm || r.peer.Broken != "" {
		return nil, fmt.Errorf("firm %s is not paired with firm %s", from, firm)
	}
	body, err := unseal(bodyType, r.peer.Key, m.Data)
	if err != nil {
		return nil, err
	}
	request := &bodyRequest{}
	if err := strict(body, request); err != nil {
		return nil, err
	}
	if request.From != from || request.To != to || request.Offset < 0 {
		return nil, errForged
	}
	return request, nil
}
