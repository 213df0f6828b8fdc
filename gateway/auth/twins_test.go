package auth

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// twinDriver is signing in, and all that belongs to it, as a way to get
// something. It keeps a cookie for each viewer at each twin.
type twinDriver struct {
	t        *testing.T
	services map[*partnerstest.Node]*Service
	cookies  map[*partnerstest.Node]map[schema.ID]string
	emails   []string
	// foreign are sessions and links of others, which stand at one twin alone.
	foreign []string
	hits    map[string]int
}

// Name names the driver.
func (*twinDriver) Name() string { return "signing in" }

// Run sends one request.
func (d *twinDriver) Run(n *partnerstest.Node, viewer policy.Principal, op uint64) []byte {
	r := rand.New(rand.NewPCG(op, 23))
	// The last entry is what nobody has.
	foreign := partnerstest.One(r, append(slices.Clone(d.foreign), schema.ID{1}.String()))
	email := partnerstest.One(r, append(slices.Clone(d.emails), "nobody@example.com", "no address"))
	body, err := json.Marshal(map[string]string{"email": email, "password": partnerstest.One(r, []string{"wrong and long enough", ""})})
	if err != nil {
		d.t.Fatal(err)
	}
	switch r.IntN(6) {
	case 0:
		return d.request(n, viewer, "POST /auth/sign-in", "/auth/sign-in", string(body))
	case 1:
		return d.request(n, viewer, "GET /auth/session", "/auth/session", "")
	case 2:
		return d.request(n, viewer, "GET /auth/sessions", "/auth/sessions", "")
	case 3:
		return d.request(n, viewer, "DELETE /auth/sessions/{id}", "/auth/sessions/"+foreign, "")
	case 4:
		return d.request(n, viewer, "GET /auth/link", "/auth/link?t="+foreign+"&to=/x", "")
	default:
		out := d.request(n, viewer, "POST /auth/sign-out", "/auth/sign-out", "")
		return append(out, d.signIn(n, viewer)...)
	}
}

// signIn begins a session of the viewer's.
func (d *twinDriver) signIn(n *partnerstest.Node, viewer policy.Principal) []byte {
	body := fmt.Sprintf(`{"email": %q, "password": %q}`, emailOf(viewer.User.ID()), password)
	return d.request(n, viewer, "POST /auth/sign-in", "/auth/sign-in", body)
}

func emailOf(user schema.ID) string { return user.String() + "@example.com" }

var secretText = regexp.MustCompile(`=[A-Za-z0-9_-]{20,};`)

// request sends a request with the viewer's cookie, and gives all of the
// answer but the secret of a new session.
func (d *twinDriver) request(n *partnerstest.Node, viewer policy.Principal, route, path, body string) []byte {
	d.hits[route]++
	method, _, _ := strings.Cut(route, " ")
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if c := d.cookies[n][viewer.User.ID()]; c != "" {
		r.Header.Set("Cookie", c)
	}
	rec := httptest.NewRecorder()
	d.services[n].Handler().ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		d.cookies[n][viewer.User.ID()] = c.Name + "=" + c.Value
	}
	b := fmt.Appendf(nil, "%s\n%d\n", route, rec.Code)
	for _, name := range slices.Sorted(maps.Keys(rec.Header())) {
		b = fmt.Appendf(b, "%s: %s\n", name, secretText.ReplaceAllString(strings.Join(rec.Header()[name], " | ")+";", "=…;"))
	}
	return append(b, rec.Body.Bytes()...)
}

// TestTwoWorldsBySigningIn: who has an account, a session, a link or a token
// shows in no answer to anybody else.
func TestTwoWorldsBySigningIn(t *testing.T) {
	t.Parallel()
	d := &twinDriver{t: t, services: map[*partnerstest.Node]*Service{}, cookies: map[*partnerstest.Node]map[schema.ID]string{}, hits: map[string]int{}}
	var viewer, other policy.Principal
	var hidden []policy.Principal
	hash, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	account := func(s *Service, p policy.Principal) {
		a := Account{User: p.User.ID(), Firm: p.Firm, Email: emailOf(p.User.ID())}
		if err := s.SetPasswordHash(t.Context(), a, hash); err != nil {
			t.Fatal(err)
		}
	}
	open := func(n *partnerstest.Node) *Service {
		s := New(Options{Pool: n.Pool(), Principals: n.Service, NodeID: "twins", Listen: "127.0.0.1:0", Now: n.Now,
			Limits: Limits{AddressBurst: 1 << 20, AccountBurst: 1 << 20}})
		s.hasher = newHasher(2, 32, cheap)
		return s
	}
	twins := partnerstest.NewTwins(t, func(n *partnerstest.Node) {
		viewer, other = n.Firm("Viewer", "PT"), n.Firm("Other", "PL")
		for i := range 3 {
			hidden = append(hidden, n.Person(other.Firm, fmt.Sprint("Hidden ", i), schema.Sales))
		}
		s := open(n)
		account(s, viewer)
		account(s, other)
	})
	for _, n := range []*partnerstest.Node{twins.A, twins.B} {
		d.services[n], d.cookies[n] = open(n), map[schema.ID]string{}
		d.signIn(n, viewer)
	}
	ops := make([]uint64, 40)
	for i := range ops {
		ops[i] = uint64(i)
	}
	compared := 0
	for _, who := range hidden {
		d.emails = append(d.emails, emailOf(who.User.ID()))
		did := partnerstest.Secret{Name: "somebody's account, sessions, links and tokens", Do: func(n *partnerstest.Node) bool {
			s := d.services[n]
			account(s, who)
			_, session, _, err := s.SignIn(t.Context(), emailOf(who.User.ID()), password, Origin{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.CreateLink(t.Context(), who.User.ID(), time.Hour, "/"); err != nil {
				t.Fatal(err)
			}
			d.foreign = append(d.foreign, session.ID.String())
			return true
		}}
		compared += twins.Compare(t, did, []policy.Principal{viewer}, []partnerstest.Driver{d}, ops)
	}
	t.Logf("%d requests", compared)
	for _, route := range []string{"POST /auth/sign-in", "POST /auth/sign-out", "GET /auth/session", "GET /auth/link", "GET /auth/sessions", "DELETE /auth/sessions/{id}"} {
		if d.hits[route] == 0 {
			t.Errorf("nobody asked for %s", route)
		}
	}
	if got := d.request(twins.B, viewer, "GET /auth/session", "/auth/session", ""); !strings.Contains(string(got), viewer.User.String()) {
		t.Errorf("in the end the viewer is not signed in: %s", got)
	}
}
