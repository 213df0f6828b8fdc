package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"fondaco/schema"
)

// secure tells whether what the browser keeps travels by TLS alone.
func (s *Service) secure() bool { return s.o.TLS || s.o.BehindProxy }

// Refusal is nil, or tells why nobody may sign in here: passwords and cookies
// would cross the network in the clear.
func (s *Service) Refusal() error {
	if s.secure() || loopback(s.o.Listen) {
		return nil
	}
	return &schema.Error{Code: schema.CodeDenied, Op: "sign in", Message: fmt.Sprintf(
		"refused: this node listens at %s, beyond this machine, without TLS; give it a certificate (--tls-cert, --tls-key), "+
			"or put a proxy that speaks TLS in front and say --behind-proxy, or listen at 127.0.0.1", s.o.Listen)}
}

// loopback tells whether a listen address is reached from this machine alone.
func loopback(listen string) bool {
	if strings.HasPrefix(listen, "unix:") || strings.HasPrefix(listen, "/") {
		return true
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		host = listen
	}
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// cookieName carries the node, since browsers send a cookie to every port of
// a host; under TLS its prefix makes browsers hold it to this very host.
func (s *Service) cookieName() string {
	sum := sha256.Sum256([]byte(s.o.NodeID))
	name := "fondaco-" + hex.EncodeToString(sum[:4])
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Service) cookie(value string, lifetime time.Duration) *http.Cookie {
	//nolint:gosec // Secure is false on loopback alone, where browsers have no TLS
	c := &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
	if lifetime <= 0 {
		c.MaxAge = -1
	}
	return c
}

// origin is where a request comes from. Behind a proxy that is the last entry
// of X-Forwarded-For, the only one that the proxy itself wrote.
func (s *Service) origin(r *http.Request) Origin {
	o := Origin{UserAgent: strings.ToValidUTF8(r.UserAgent(), "")}
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		o.Address = peer.Addr()
	}
	if !s.o.BehindProxy {
		return o
	}
	all := r.Header.Values("X-Forwarded-For")
	if len(all) == 0 {
		return o
	}
	last := all[len(all)-1]
	last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	if addr, err := netip.ParseAddr(last); err == nil {
		o.Address = addr
	}
	return o
}
