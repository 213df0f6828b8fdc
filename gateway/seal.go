package gateway

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"fondaco/partners"
)

// sealer makes tokens that only this node can make and read: what is in them
// is encrypted, and a changed one is refused. A token of one purpose is none
// of another.
type sealer struct{ aead cipher.AEAD }

// The purposes of tokens.
const (
	forUpload   = "upload"
	forDownload = "download"
	forCursor   = "cursor"
	forPlace    = "place"
	forSearch   = "search"
)

func newSealer(key []byte) (*sealer, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("gateway: the key has %d bytes; it must have 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &sealer{aead}, err
}

// cursorStep is in which steps the text of a place in the ledger grows. It
// names the transactions that were open, each by ten digits or so: by its own
// length a client could tell how many others write at a node.
const cursorStep = 256

// sealCursor is seal for a place in the ledger, filled up with spaces, which
// JSON may end with.
func (s *sealer) sealCursor(place partners.Cursor) string {
	plain := encoded(place)
	rest := cursorStep - len(plain)%cursorStep
	return s.sealBytes(forCursor, append(plain, bytes.Repeat([]byte{' '}, rest)...))
}

func (s *sealer) seal(purpose string, v any) string { return s.sealBytes(purpose, encoded(v)) }

func encoded(v any) []byte {
	plain, err := json.Marshal(v)
	if err != nil {
		panic("gateway: a token always encodes: " + err.Error())
	}
	return plain
}

func (s *sealer) sealBytes(purpose string, plain []byte) string {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(purpose)))
}

func (s *sealer) open(purpose, token string, v any) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < s.aead.NonceSize() || len(token) > 8192 {
		return errors.New("not a token of this node")
	}
	plain, err := s.aead.Open(nil, raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():], []byte(purpose))
	if err != nil {
		return errors.New("not a token of this node")
	}
	return json.Unmarshal(plain, v)
}
