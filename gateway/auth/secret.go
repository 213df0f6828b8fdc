package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math/big"
	"strings"
)

// A secret has 256 random bits. At rest there is only its SHA-256: a fast
// hash is right for what cannot be guessed.
type secret [32]byte

func newSecret() (s secret) {
	rand.Read(s[:]) // it never returns an error
	return s
}

// text is the form in cookies and links.
func (s secret) text() string { return base64.RawURLEncoding.EncodeToString(s[:]) }

func (s secret) hash() []byte { return hashText(s.text()) }

func hashText(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// An API token reads "fdc_", 43 digits and letters that hold 256 bits, and 6
// that hold a checksum. Scanners for leaked secrets know it by its beginning
// and can tell it from a look-alike by its end.
const (
	tokenStart    = "fdc_"
	tokenDigits   = 43
	checkDigits   = 6
	tokenLength   = len(tokenStart) + tokenDigits + checkDigits
	prefixLength  = len(tokenStart) + 8
	base62Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// token is the form of an API token.
func (s secret) token() string {
	body := tokenStart + base62(new(big.Int).SetBytes(s[:]), tokenDigits)
	return body + tokenCheck(body)
}

// tokenWhole tells whether text has the form and checksum of an API token.
func tokenWhole(text string) bool {
	if len(text) != tokenLength || !strings.HasPrefix(text, tokenStart) {
		return false
	}
	body := text[:tokenLength-checkDigits]
	return tokenCheck(body) == text[len(body):]
}

func tokenCheck(body string) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], crc32.ChecksumIEEE([]byte(body)))
	return base62(new(big.Int).SetBytes(b[:]), checkDigits)
}

// base62 writes n with leading zeros.
func base62(n *big.Int, digits int) string {
	b := []byte(strings.Repeat("0", digits))
	base, rest := big.NewInt(62), new(big.Int)
	for i := digits - 1; i >= 0 && n.Sign() > 0; i-- {
		n.QuoRem(n, base, rest)
		b[i] = base62Letters[rest.Int64()]
	}
	return string(b)
}
