package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"fondaco/policy"
	"fondaco/schema"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Principals tells who somebody is at this moment: firm, roles and teams. It
// fails with [schema.CodeNotFound] for a person who is gone or may not sign in.
type Principals interface {
	Principal(ctx context.Context, user schema.ID) (policy.Principal, error)
}

// Options is what a [Service] needs.
type Options struct {
	Pool       *pgxpool.Pool
	Principals Principals
	// NodeID is any text that no other node shares; a hash of it stands in the cookie's name.
	NodeID string
	// Listen is the address at which the gateway listens, such as "127.0.0.1:8080".
	Listen string
	// TLS tells that the gateway itself speaks TLS, BehindProxy that a proxy in front of it does, which also
	// appends the caller's address to X-Forwarded-For.
	TLS, BehindProxy bool
	// Limits bound attempts and work; zero fields take the defaults.
	Limits Limits
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	Log *slog.Logger
}

// Limits bound attempts and work.
type Limits struct {
	// AddressBurst attempts to sign in are free for an address, then one in AddressEvery; likewise for an account.
	AddressBurst, AccountBurst int
	AddressEvery, AccountEvery time.Duration
	// Slots is how many passwords are computed at once (19 MiB each), Waiting how many more may wait.
	Slots, Waiting int
	// Remembered is how many addresses, and how many accounts, are counted at once.
	Remembered int
	// Idle and Absolute end a session: so long after it was last seen, and after it began.
	Idle, Absolute time.Duration
}

func (l Limits) orDefaults() Limits {
	def := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	span := func(n *time.Duration, d time.Duration) {
		if *n == 0 {
			*n = d
		}
	}
	def(&l.AddressBurst, 30)
	def(&l.AccountBurst, 10)
	def(&l.Slots, min(runtime.GOMAXPROCS(0), 4))
	def(&l.Waiting, 32)
	def(&l.Remembered, 10_000)
	span(&l.AddressEvery, 2*time.Second)
	span(&l.AccountEvery, 20*time.Second)
	span(&l.Idle, 12*time.Hour)
	span(&l.Absolute, 7*24*time.Hour)
	return l
}

// Service proves who somebody is. It is safe for concurrent use, holds no
// goroutine and needs no closing.
type Service struct {
	o         Options
	hasher    *hasher
	addresses *limiter
	accounts  *limiter
	endings   *bell
}

// New makes a Service over the node's tables auth_….
func New(o Options) *Service {
	o.Limits = o.Limits.orDefaults()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	l := o.Limits
	return &Service{
		o: o, hasher: newHasher(l.Slots, l.Waiting, currentCost),
		addresses: newLimiter(l.AddressEvery, l.AddressBurst, l.Remembered),
		accounts:  newLimiter(l.AccountEvery, l.AccountBurst, l.Remembered),
		endings:   newBell(),
	}
}

// ErrAnonymous is in the tree of the error of [Service.Authenticate] when a
// request carries no proof at all.
var ErrAnonymous = errors.New("no proof of identity")

// Authenticate tells who makes the request, by its API token or its session.
// A header "Authorization" counts alone: a bad one is not made good by a
// cookie. All failures have code [schema.CodeDenied], but faults of ours.
func (s *Service) Authenticate(r *http.Request) (policy.Principal, error) {
	p, _, err := s.authenticate(r)
	return p, err
}

// authenticate also gives the session, if that was the proof.
func (s *Service) authenticate(r *http.Request) (policy.Principal, *Session, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		p, err := s.byToken(r.Context(), header)
		return p, nil, err
	}
	cookie, err := r.Cookie(s.cookieName())
	if err != nil || cookie.Value == "" {
		return policy.Principal{}, nil, denied("not signed in: sign in, or send an API token", ErrAnonymous)
	}
	return s.bySession(r.Context(), cookie.Value)
}

func (s *Service) byToken(ctx context.Context, header string) (policy.Principal, error) {
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return policy.Principal{}, denied(`the header Authorization must read "Bearer fdc_…"`, nil)
	}
	return s.useToken(ctx, strings.TrimSpace(text))
}

// principal gives the person as of now, seen through this door.
func (s *Service) principal(ctx context.Context, user schema.ID) (policy.Principal, error) {
	p, err := s.o.Principals.Principal(ctx, user)
	if schema.Code(err) == schema.CodeNotFound || schema.Code(err) == schema.CodeDenied {
		return p, denied("this person may not sign in any more", err)
	}
	p.Via = "gateway"
	return p, err
}

func (s *Service) now() time.Time { return s.o.Now().UTC().Truncate(time.Microsecond) }

func denied(message string, cause error) error {
	return &schema.Error{Code: schema.CodeDenied, Message: message, Err: cause}
}
