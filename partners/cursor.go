package partners

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"fondaco/schema"
)

// A place is where a page ended: the key by which the list is ordered and the
// id, with the list that they belong to. Its cursor is encrypted, since the
// key may be text of a record that was visible only then, and is the same
// each time, so that two equal answers have equal bytes.
type place struct {
	Order string
	Key   *string // in PostgreSQL's text form; nil for null
	ID    schema.ID
}

// bytes are the id, and behind it the key where there is one, after a mark.
func (p *place) bytes() []byte {
	if p.Key == nil {
		return p.ID[:]
	}
	return append(append(p.ID[:], keyMark), *p.Key...)
}

const keyMark = '='

// read is the inverse of bytes.
func (p *place) read(b []byte) bool {
	if copy(p.ID[:], b) < len(p.ID) {
		return false
	}
	b = b[len(p.ID):]
	if len(b) == 0 {
		return true
	}
	key := string(b[1:])
	p.Key = &key
	return b[0] == keyMark
}

func newCursorCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cursor key: %w", err)
	}
	return cipher.NewGCM(block)
}

func (s *Service) seal(p place) string {
	plain := p.bytes()
	// The nonce is a hash of the place: equal places give equal cursors, different places different nonces.
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\n", p.Order)
	hash.Write(plain)
	nonce := hash.Sum(nil)[:s.cursors.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(s.cursors.Seal(nonce, nonce, plain, []byte(p.Order)))
}

func (s *Service) unseal(cursor, order string) (place, error) {
	refused := &schema.Error{
		Code: schema.CodeInvalid, Op: "read", Field: "cursor",
		Message: "this cursor does not belong to this list; use one from a page of the same list in the same order",
	}
	p := place{Order: order}
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(sealed) < s.cursors.NonceSize() {
		return p, refused
	}
	n := s.cursors.NonceSize()
	plain, err := s.cursors.Open(nil, sealed[:n], sealed[n:], []byte(order))
	if err != nil || !p.read(plain) {
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
