package federation

import (
	"encoding/base64"
	"slices"
	"sync"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
)

// A door decides who connects to the nats-server: the node itself from within
// the process, and paired firms by their transport keys. The server would keep
// such a list itself, in its options; but when those are reloaded while it
// refuses a stranger, it reads what it writes (nats-server 2.15).
type door struct {
	own string // the node's public key

	mu     sync.Mutex
	guests map[string]access
	inside map[string][]uint64 // the connections of a guest, by their ids at the server
	alive  func(id uint64) bool
}

// Check is what the server asks about each that connects.
func (d *door) Check(c server.ClientAuthentication) bool {
	claim := c.GetOpts()
	if c.Kind() != server.CLIENT || !proves(claim.Nkey, claim.Sig, c.GetNonce()) {
		return false
	}
	if claim.Nkey == d.own {
		address := c.RemoteAddress()
		return address != nil && address.Network() == "pipe"
	}
	a, known := d.enter(claim.Nkey, c.GetID())
	if known {
		c.RegisterUser(&server.User{Permissions: a.permissions()})
	}
	return known
}

// proves tells whether whoever connects holds the private half of a key: with
// it the server's nonce was signed.
func proves(key, signature string, nonce []byte) bool {
	if key == "" || len(nonce) == 0 {
		return false
	}
	public, err := nkeys.FromPublicKey(key)
	if err != nil {
		return false
	}
	signed, err := base64.RawURLEncoding.DecodeString(signature)
	return err == nil && public.Verify(nonce, signed) == nil
}

// enter notes a connection of a guest; there is none of others.
func (d *door) enter(key string, id uint64) (access, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, known := d.guests[key]
	if known {
		d.inside[key] = append(slices.DeleteFunc(d.inside[key], func(old uint64) bool { return !d.alive(old) }), id)
	}
	return a, known
}

// admit replaces the guests, and gives the connections that must end: of
// those who are left out, and of those who may do other things than before,
// which they learn by connecting anew.
func (d *door) admit(list []access) (end []uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	guests := make(map[string]access, len(list))
	for _, a := range list {
		guests[a.key] = a
	}
	for key, was := range d.guests {
		if now, still := guests[key]; !still || now.firm != was.firm || !slices.Equal(now.hosts, was.hosts) {
			end = append(end, d.inside[key]...)
			delete(d.inside, key)
		}
	}
	d.guests = guests
	return end
}
