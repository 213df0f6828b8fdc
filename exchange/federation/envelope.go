package federation

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// A message between nodes is text: a line with its type, its version and its
// signature, and then what is signed. The signature stands in the body, since
// the transport mangles binary headers and its headers prove nothing.
//
//	fondaco-batch 1 <Ed25519 signature in base64>
//	{"from":...,"to":...,"schema":...,"link":{...},"count":2}
//	{"op":"put","kind":"Customer","id":...,...}
//	{"op":"take","kind":"Contact","id":...}
const (
	batchType  = "fondaco-batch 1"
	reportType = "fondaco-report 1"
	cardType   = "fondaco-card 1"
)

// The bounds of a batch. A batch is closed when it reaches the wanted size; a
// record that is larger than that travels alone.
const (
	maxItems    = 500
	wantedBytes = 512 << 10
	// MaxMessage is the largest message that a node sends or takes.
	MaxMessage = 4 << 20
)

// errForged tells that a message is not by the firm that it names.
var errForged = errors.New("the signature does not fit the key that was pinned when the firms were paired")

// seal signs what a message says.
func seal(kind string, key ed25519.PrivateKey, body []byte) []byte {
	signature := ed25519.Sign(key, digest(kind, body))
	b := make([]byte, 0, len(kind)+len(body)+100)
	b = append(append(b, kind...), ' ')
	b = base64.StdEncoding.AppendEncode(b, signature)
	return append(append(b, '\n'), body...)
}

// unseal checks the signature and gives what was signed.
func unseal(kind string, key ed25519.PublicKey, message []byte) ([]byte, error) {
	if len(message) > MaxMessage {
		return nil, fmt.Errorf("a message of %d bytes; at most %d are taken", len(message), MaxMessage)
	}
	first, body, found := bytes.Cut(message, []byte{'\n'})
	encoded, typed := bytes.CutPrefix(first, []byte(kind+" "))
	if !found || !typed {
		return nil, fmt.Errorf("%.40q does not begin a %s", first, kind)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(string(encoded))
	if err != nil || len(signature) != ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return nil, errForged
	}
	if !ed25519.Verify(key, digest(kind, body), signature) {
		return nil, errForged
	}
	return body, nil
}

// digest is what is signed: the type besides the content, so that a message
// of one type never passes for another.
func digest(kind string, body []byte) []byte {
	sum := sha256.Sum256(body)
	return append([]byte(kind+"\n"), sum[:]...)
}

// batch is a message with records.
type batch struct {
	From   schema.FirmID `json:"from"`
	To     schema.FirmID `json:"to"`
	Schema int           `json:"schema"` // of the sender: see schemaVersion
	Link   link.Header   `json:"link"`
	Count  int           `json:"count"`
	Items  []item        `json:"-"` // a line each
}

// schemaVersion grows with every field that a kind gains: fields are only
// ever added.
var schemaVersion = func() (n int) {
	for _, k := range schema.Kinds() {
		n += 1 + len(k.Fields)
	}
	return n
}()

// The operations of an item.
const (
	put  = "put"  // the receiver's copy shall be this
	take = "take" // the receiver shall hold no copy
)

// item is a record in a batch.
type item struct {
	Op     string          `json:"op"`
	Kind   string          `json:"kind"`
	ID     schema.ID       `json:"id"`
	Record json.RawMessage `json:"record,omitempty"` // of a put: what the receiver may hold
}

// encode gives the batch's text.
func (b *batch) encode() ([]byte, error) {
	b.Count = len(b.Items)
	text, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encode the head of a batch: %w", err)
	}
	text = append(text, '\n')
	for i := range b.Items {
		text = append(b.Items[i].append(text), '\n')
	}
	return text, nil
}

// The parts of an item's line. It is written and read by hand, since it has
// one form only and there are very many of them.
const (
	itemOp     = `{"op":"`
	itemKind   = `","kind":"`
	itemID     = `","id":"`
	itemRecord = `","record":`
	itemEnd    = `"}`
)

// append writes the item's line. The record must be compact JSON.
func (it *item) append(b []byte) []byte {
	id, err := it.ID.MarshalText()
	if err != nil {
		panic("federation: an id always encodes: " + err.Error())
	}
	b = append(append(b, itemOp...), it.Op...)
	b = append(append(b, itemKind...), it.Kind...)
	b = append(append(b, itemID...), id...)
	if it.Op == take {
		return append(b, itemEnd...)
	}
	return append(append(append(b, itemRecord...), it.Record...), '}')
}

// decodeBatch reads what encode wrote, and nothing else.
func decodeBatch(text []byte) (*batch, error) {
	head, rest, found := bytes.Cut(text, []byte{'\n'})
	if !found {
		return nil, errors.New("a batch ends within its first line")
	}
	b := &batch{}
	if err := strict(head, b); err != nil {
		return nil, fmt.Errorf("the head of a batch: %w", err)
	}
	if b.Count < 0 || b.Count > maxItems {
		return nil, fmt.Errorf("a batch of %d records; at most %d are taken", b.Count, maxItems)
	}
	b.Items = make([]item, 0, b.Count)
	for line := range bytes.Lines(rest) {
		if len(b.Items) == b.Count {
			return nil, fmt.Errorf("a batch has more than the %d records that it states", b.Count)
		}
		one, err := decodeItem(bytes.TrimSuffix(line, []byte{'\n'}))
		if err != nil {
			return nil, fmt.Errorf("record %d of a batch: %w", len(b.Items)+1, err)
		}
		b.Items = append(b.Items, one)
	}
	if len(b.Items) != b.Count || !bytes.HasSuffix(text, []byte{'\n'}) {
		return nil, fmt.Errorf("a batch has %d records and states %d", len(b.Items), b.Count)
	}
	return b, nil
}

func decodeItem(line []byte) (it item, err error) {
	rest, fits := bytes.CutPrefix(line, []byte(itemOp))
	op, rest, cut := bytes.Cut(rest, []byte(itemKind))
	kind, rest, cut2 := bytes.Cut(rest, []byte(itemID))
	if !fits || !cut || !cut2 || len(rest) < 36 {
		return it, fmt.Errorf("%.60q is not the line of a record", line)
	}
	if it.ID, err = schema.ParseID(string(rest[:36])); err != nil {
		return it, err
	}
	it.Op, it.Kind = string(op), string(kind)
	if it.Op == put {
		record, open := bytes.CutPrefix(rest[36:], []byte(itemRecord))
		record, closed := bytes.CutSuffix(record, []byte{'}'})
		if !open || !closed || !json.Valid(record) {
			return it, errors.New("its record is not JSON")
		}
		it.Record = bytes.Clone(record)
	}
	if it.Kind == "" || it.ID.IsZero() || !bytes.Equal(it.append(nil), line) {
		return it, fmt.Errorf("%.60q is not the line of a record", line)
	}
	return it, nil
}

// strict decodes one JSON value whose text is the very one that we would
// write: no unknown names, no names twice or in another case, no space. What
// is signed has so one form only.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	again, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, text) {
		return errors.New("the JSON is not in its canonical form")
	}
	return nil
}

// report is what the receiver of a link tells the sender. Signed by the
// receiver, it is the receipt for all that was applied up to its position.
type report struct {
	From schema.FirmID `json:"from"` // the receiver
	To   schema.FirmID `json:"to"`
	link.Report
	// Schema is the receiver's schema version.
	Schema int `json:"schema"`
}

func (r *report) encode() ([]byte, error) { return json.Marshal(r) }

func decodeReport(text []byte) (*report, error) {
	r := &report{}
	if err := strict(text, r); err != nil {
		return nil, fmt.Errorf("a report: %w", err)
	}
	return r, nil
}
