package federation

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"fondaco/partners"
	"fondaco/schema"
)

// record is a projection as it travels: what the receiver may hold.
type record struct {
	Version   int64           `json:"version"`
	Mask      schema.Mask     `json:"mask"`
	CreatedAt int64           `json:"createdAt"` // microseconds since 1970, as are all times here
	UpdatedAt int64           `json:"updatedAt"`
	Versions  []int64         `json:"versions"` // by the fields' bit numbers, 0 where a field is not shown
	Times     []int64         `json:"times"`
	Fields    json.RawMessage `json:"fields"`
}

// encodeRecord gives the text of a projection, and the hash by which one that
// has not changed is known.
func encodeRecord(p partners.Projection) (json.RawMessage, []byte, error) {
	r := record{
		Version: p.Version, Mask: p.Mask & p.Kind.Every(), CreatedAt: micros(p.CreatedAt), UpdatedAt: micros(p.UpdatedAt),
		Versions: p.Versions, Times: make([]int64, len(p.Times)), Fields: p.Fields,
	}
	for i, t := range p.Times {
		r.Times[i] = micros(t)
	}
	text, err := json.Marshal(&r)
	if err != nil {
		return nil, nil, fmt.Errorf("encode %s %s: %w", p.Kind, p.ID, err)
	}
	sum := sha256.Sum256(text)
	return text, sum[:], nil
}

// decodeRecord reads what an item holds. A kind that this version does not
// know is an error: the record waits for an upgrade.
func decodeRecord(from schema.FirmID, it item) (partners.Projection, error) {
	p := partners.Projection{Kind: schema.KindNamed(it.Kind), ID: it.ID, Owner: from}
	if p.Kind == nil {
		return p, fmt.Errorf("this version does not know the kind %.60q", it.Kind)
	}
	if p.Kind.Private {
		return p, fmt.Errorf("a %s concerns its firm alone and cannot be shared", p.Kind)
	}
	if p.Kind == schema.Firms && p.ID != from.ID() {
		return p, errors.New("a firm can send its own record as a Firm alone; the id of another one is not its to state")
	}
	var r record
	if err := json.Unmarshal(it.Record, &r); err != nil {
		return p, fmt.Errorf("decode %s %s: %w", p.Kind, p.ID, err)
	}
	if len(r.Versions) != len(r.Times) || len(r.Versions) > 63 || len(r.Fields) == 0 {
		return p, errors.New("the lists of versions and times do not fit the fields")
	}
	p.Version, p.Mask, p.Fields, p.Versions = r.Version, r.Mask, r.Fields, r.Versions
	p.CreatedAt, p.UpdatedAt = instant(r.CreatedAt), instant(r.UpdatedAt)
	p.Times = make([]time.Time, len(r.Times))
	for i, t := range r.Times {
		p.Times[i] = instant(t)
	}
	return p, nil
}

// micros is 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
