package sdl

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"fondaco/schema"
)

// GlobalID gives the id of a record in the API: URL-safe base64, without
// padding, of its kind, a colon and its UUID.
func GlobalID(k *schema.Kind, id schema.ID) string { return string(AppendGlobalID(nil, k, id)) }

// AppendGlobalID appends [GlobalID] to b.
func AppendGlobalID(b []byte, k *schema.Kind, id schema.ID) []byte {
	var plain [96]byte
	text := append(append(plain[:0], k.Name...), ':')
	for i, part := range [][]byte{id[0:4], id[4:6], id[6:8], id[8:10], id[10:16]} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, part)
	}
	return base64.RawURLEncoding.AppendEncode(b, text)
}

// ParseGlobalID reads what [GlobalID] wrote, and nothing else: one record has
// one global id.
func ParseGlobalID(s string) (*schema.Kind, schema.ID, error) {
	bad := fmt.Errorf("%q is not an id of this interface", shorten(s))
	if len(s) > 160 {
		return nil, schema.ID{}, bad
	}
	plain, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, schema.ID{}, bad
	}
	name, text, ok := strings.Cut(string(plain), ":")
	if !ok {
		return nil, schema.ID{}, bad
	}
	id, err := schema.ParseID(text)
	if err != nil || id.IsZero() {
		return nil, schema.ID{}, bad
	}
	k := schema.KindNamed(name)
	// The decoder of base64 skips line breaks, hence the comparison.
	if k == nil || GlobalID(k, id) != s {
		return nil, schema.ID{}, bad
	}
	return k, id, nil
}

// ParseIDOf is [ParseGlobalID] for an id that must be one of kind k.
func ParseIDOf(k *schema.Kind, s string) (schema.ID, error) {
	found, id, err := ParseGlobalID(s)
	if err != nil {
		return schema.ID{}, err
	}
	if found != k {
		return schema.ID{}, fmt.Errorf("%q is the id of a %s; want one of a %s", shorten(s), found, k)
	}
	return id, nil
}

func shorten(s string) string {
	if len(s) <= 60 {
		return s
	}
	return s[:57] + "..."
}
