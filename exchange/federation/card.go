package federation

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nkeys"

	"fondaco/exchange/federation/link"
	"fondaco/schema"
)

// Card is how a firm presents itself for pairing. It travels as a token by
// any way that people trust, and bears the firm's own signature; the
// fingerprint, read out by telephone, proves whose that is.
type Card struct {
	Firm schema.FirmID `json:"firm"`
	// Particulars are fields of the firm's record, by API name.
	Particulars map[string]string `json:"particulars"`
	// Key signs the firm's data, Transport its connections.
	Key       []byte `json:"key"`
	Transport string `json:"transport"`
	// Address and Pin are those of the server where the mailboxes are; empty in an answer, whose firm connects there.
	Address string `json:"address,omitempty"`
	Pin     string `json:"pin,omitempty"`
	// Secret joins the answer to the invitation, once.
	Secret  link.Token `json:"secret"`
	Expires time.Time  `json:"expires"`
}

// Name is the firm's registered name.
func (c *Card) Name() string { return c.Particulars["legalName"] }

// Fingerprint is what the two people compare.
func (c *Card) Fingerprint() string { return Fingerprint(c.Key) }

// encode gives the token.
func (c *Card) encode(id *Identity) (string, error) {
	text, err := json.Marshal(c) //nolint:gosec // the secret is what the token is there to carry
	if err != nil {
		return "", fmt.Errorf("encode card: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(seal(cardType, id.signing, text)), nil
}

// ReadCard reads a token and checks that the firm that it names has signed
// it. Nobody is paired by that: show Name and Fingerprint to a person first.
func ReadCard(token string) (*Card, error) {
	bad := func(cause error) error {
		return &schema.Error{
			Code: schema.CodeInvalid, Op: "pair", Err: cause,
			Message: "the token cannot be read; copy all of it, without line breaks, as the other firm's node printed it",
		}
	}
	message, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSpace(token))
	if err != nil {
		return nil, bad(err)
	}
	_, text, _ := strings.Cut(string(message), "\n")
	c := &Card{}
	if err := strict([]byte(text), c); err != nil {
		return nil, bad(err)
	}
	if len(c.Key) != ed25519.PublicKeySize || c.Firm.IsZero() || c.Name() == "" || !nkeys.IsValidPublicUserKey(c.Transport) {
		return nil, bad(nil)
	}
	if _, err := unseal(cardType, c.Key, message); err != nil {
		return nil, bad(err)
	}
	return c, nil
}

// hash is what is kept of an invitation's secret.
func hash(secret link.Token) []byte {
	sum := sha256.Sum256(secret[:])
	return sum[:]
}
