package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"fondaco/schema"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// cost is how hard a password is made to guess: argon2id with OWASP's least
// memory, which a small machine can afford for several sign-ins at once.
type cost struct {
	memory, time uint32 // KiB, passes
	lanes        uint8
}

var currentCost = cost{memory: 19 * 1024, time: 2, lanes: 1}

const (
	saltLength = 16
	keyLength  = 32
	// Bounds on what a stored hash may ask for: a damaged row must not take the machine.
	mostMemory, mostTime, mostLanes = 256 * 1024, 16, 8
)

// passwordHash is a hash in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type passwordHash struct {
	cost      cost
	salt, key []byte
}

func (h passwordHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.memory, h.cost.time, h.cost.lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

func parsePasswordHash(text string) (h passwordHash, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, fmt.Errorf("password hash: want $argon2id$v=%d$…", argon2.Version)
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.cost.memory, &h.cost.time, &h.cost.lanes); err != nil {
		return h, fmt.Errorf("password hash: cost %q: %w", parts[3], err)
	}
	if c := h.cost; c.memory > mostMemory || c.time > mostTime || c.lanes > mostLanes || c.time == 0 || c.lanes == 0 {
		return h, fmt.Errorf("password hash: cost %q is out of bounds", parts[3])
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return h, fmt.Errorf("password hash: salt: %w", err)
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return h, fmt.Errorf("password hash: key: %w", err)
	}
	if len(h.salt) < 8 || len(h.key) < 16 {
		return h, errors.New("password hash: salt or key is too short")
	}
	return h, nil
}

func (c cost) derive(password string, salt []byte, length int) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.lanes, uint32(length))
}

// hasher computes passwords in few slots, so that a flood of attempts cannot
// take all memory and processors. Who finds the queue full is turned away at
// once.
type hasher struct {
	slots chan struct{} // running
	queue chan struct{} // running or waiting
	cost  cost
	decoy passwordHash
}

func newHasher(slots, waiting int, c cost) *hasher {
	h := &hasher{slots: make(chan struct{}, slots), queue: make(chan struct{}, slots+waiting), cost: c}
	h.decoy = passwordHash{cost: c, salt: make([]byte, saltLength), key: make([]byte, keyLength)}
	return h
}

func (h *hasher) do(ctx context.Context, work func()) error {
	busy := &schema.Error{Code: schema.CodeLimit, Op: "sign in", Message: "too many people are signing in at this moment; try again in a few seconds"}
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return busy
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	work()
	return nil
}

// make hashes a new password.
func (h *hasher) make(ctx context.Context, password string) (text string, err error) {
	err = h.do(ctx, func() {
		made := passwordHash{cost: h.cost, salt: make([]byte, saltLength)}
		rand.Read(made.salt) // it never returns an error
		made.key = h.cost.derive(password, made.salt, keyLength)
		text = made.String()
	})
	return text, err
}

// check compares a password with a stored hash; stale tells that the hash was
// made at another cost than today's. With an empty hash, for an account that
// is not known or has no password, it does the same work and says no.
func (h *hasher) check(ctx context.Context, password, stored string) (same, stale bool, err error) {
	want, known := h.decoy, false
	if stored != "" {
		if want, err = parsePasswordHash(stored); err != nil {
			return false, false, err
		}
		known = true
	}
	err = h.do(ctx, func() {
		got := want.cost.derive(password, want.salt, len(want.key))
		same = subtle.ConstantTimeCompare(got, want.key) == 1 && known
	})
	return same, known && want.cost != h.cost, err
}

const (
	leastPassword = 10
	mostPassword  = 256
)

// normalizePassword gives every keyboard the same bytes for the same
// characters (NFKC, as in RFC 8265).
func normalizePassword(p string) string { return norm.NFKC.String(p) }

func checkPassword(password, email string) error {
	invalid := func(message string) error {
		return &schema.Error{Code: schema.CodeInvalid, Op: "set password", Field: "password", Message: message}
	}
	switch n := utf8.RuneCountInString(password); {
	case n < leastPassword:
		return invalid(fmt.Sprintf("is too short: use at least %d characters, such as four words", leastPassword))
	case len(password) > mostPassword:
		return invalid(fmt.Sprintf("is too long: use at most %d bytes", mostPassword))
	case strings.EqualFold(password, email):
		return invalid("is the e-mail address itself: choose another")
	}
	return nil
}
