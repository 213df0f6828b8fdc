package federation

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/nats-io/nkeys"

	"fondaco/schema"
)

// Identity is how a firm proves itself to other nodes: with the signing key
// its data, with the transport key its connections. The two are apart, so
// that whoever runs the transport can never speak for the firm.
type Identity struct {
	Firm    schema.FirmID
	signing ed25519.PrivateKey
	// transport is the seed of an nkey user; TransportKey its public half.
	transport    []byte
	TransportKey string
}

// OpenIdentity reads the keys of a firm from the folder, and makes those that
// are missing. Only the account that runs the node can read the files.
func OpenIdentity(folder string, firm schema.FirmID) (*Identity, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of keys: %w", err)
	}
	signing, err := secret(filepath.Join(folder, firm.String()+".signing.pem"), newSigningKey)
	if err != nil {
		return nil, err
	}
	transport, err := secret(filepath.Join(folder, firm.String()+".transport.nk"), newTransportKey)
	if err != nil {
		return nil, err
	}
	id := &Identity{Firm: firm, transport: transport}
	if id.signing, err = parseSigningKey(signing); err != nil {
		return nil, fmt.Errorf("signing key of firm %s in %s: %w", firm, folder, err)
	}
	pair, err := nkeys.FromSeed(transport)
	if err != nil {
		return nil, fmt.Errorf("transport key of firm %s in %s: %w", firm, folder, err)
	}
	if id.TransportKey, err = pair.PublicKey(); err != nil {
		return nil, fmt.Errorf("transport key of firm %s in %s: %w", firm, folder, err)
	}
	return id, nil
}

// SigningKey is the public half of the key that signs the firm's data.
func (id *Identity) SigningKey() ed25519.PublicKey { return id.signing.Public().(ed25519.PublicKey) }

// Fingerprint is the form of a signing key that two people read to each
// other: half of its SHA-256, in groups of four digits.
func Fingerprint(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	digits := hex.EncodeToString(sum[:16])
	var groups []string
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, "-")
}

// secret reads a file that only we can read, or makes it.
func secret(path string, fresh func() ([]byte, error)) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if content, err = fresh(); err != nil {
			return nil, fmt.Errorf("make %s: %w", path, err)
		}
		if err := renameio.WriteFile(path, content, 0o600, renameio.IgnoreUmask()); err != nil {
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
		return content, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read the key %s; run chmod 600 on it, and pair anew if anybody may have", path)
	}
	return content, nil
}

func newSigningKey() ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func parseSigningKey(content []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(content)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("the file holds no private key in PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signing, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key is of type %T; Ed25519 is wanted", key)
	}
	return signing, nil
}

func newTransportKey() ([]byte, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, err
	}
	return pair.Seed()
}
