package partners

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"fondaco/schema"
)

// A place is where a page ended: the key by which the list is ordered and the
// id, with the list that they belong to. Its cursor is encrypted, since the
// key may be text of a record that was visible only then, and is the same
// each time, so that two equal answers have equal bytes.
type place struct {
	Order string    `json:"o"`
	Key   *string   `json:"k"` // in PostgreSQL's text form; nil for null
	ID    schema.ID `json:"i"`
}

func newCursorCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cursor key: %w", err)
	}
	return cipher.NewGCM(block)
}

func (s *Service) seal(p place) string {
	plain, err := json.Marshal(p)
	if err != nil {
		panic("partners: a place always encodes: " + err.Error())
	}
	// The nonce is a hash of the text: equal texts give equal cursors, different texts different nonces.
	sum := sha256.Sum256(plain)
	nonce := sum[:s.cursors.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(s.cursors.Seal(nonce, nonce, plain, nil))
}

func (s *Service) unseal(cursor, order string) (place, error) {
	refused := &schema.Error{
		Code: schema.CodeInvalid, Op: "read", Field: "cursor",
		Message: "this cursor does not belong to this list; use one from a page of the same list in the same order",
	}
	var p place
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(sealed) < s.cursors.NonceSize() {
		return p, refused
	}
	n := s.cursors.NonceSize()
	plain, err := s.cursors.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil || json.Unmarshal(plain, &p) != nil || p.Order != order {
		return p, refused
	}
	return p, nil
}

// orderName names a list for its cursors.
func orderName(k *schema.Kind, orders []Order) string {
	var b strings.Builder
	b.WriteString(k.Name)
	for _, o := range orders {
		name := "id"
		if o.Field != nil {
			name = o.Field.Name
		}
		fmt.Fprintf(&b, " %s %t", name, o.Desc)
	}
	return b.String()
}
