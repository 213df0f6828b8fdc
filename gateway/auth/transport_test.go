package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fondaco/schema"
)

func TestRefusal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		o    Options
		want bool
	}{
		"loopback":                   {Options{Listen: "127.0.0.1:8080"}, false},
		"loopback of version 6":      {Options{Listen: "[::1]:8080"}, false},
		"localhost":                  {Options{Listen: "localhost:8080"}, false},
		"a socket file":              {Options{Listen: "unix:/run/fondaco.sock"}, false},
		"all addresses":              {Options{Listen: ":8080"}, true},
		"all addresses, spelled out": {Options{Listen: "0.0.0.0:8080"}, true},
		"all of version 6":           {Options{Listen: "[::]:8080"}, true},
		"a public address":           {Options{Listen: "192.0.2.1:8080"}, true},
		"a name":                     {Options{Listen: "crm.example.com:443"}, true},
		"all addresses with TLS":     {Options{Listen: ":8443", TLS: true}, false},
		"all addresses behind proxy": {Options{Listen: ":8080", BehindProxy: true}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := New(test.o).Refusal()
			if got := schema.Code(err) == schema.CodeDenied; got != test.want {
				t.Errorf("Refusal at %q = %v, want refused %v", test.o.Listen, err, test.want)
			}
			if test.want && !strings.Contains(err.Error(), "--behind-proxy") {
				t.Errorf("%q does not name the remedy", err)
			}
		})
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	plain := New(Options{NodeID: "node 1", Listen: "127.0.0.1:1"}).cookie("x", 5)
	other := New(Options{NodeID: "node 2", Listen: "127.0.0.1:2"}).cookie("x", 5)
	under := New(Options{NodeID: "node 1", TLS: true}).cookie("x", 5)
	if plain.Name == other.Name {
		t.Errorf("two nodes share the cookie %s", plain.Name)
	}
	if plain.Secure || !plain.HttpOnly || plain.Path != "/" || plain.Domain != "" || !strings.HasPrefix(plain.Name, "fondaco-") {
		t.Errorf("on loopback the cookie is %v", plain)
	}
	if !under.Secure || under.Name != "__Host-"+plain.Name {
		t.Errorf("under TLS the cookie is %v", under)
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		behind    bool
		peer      string
		forwarded []string
		want      string
	}{
		"no proxy":                             {false, "192.0.2.1:99", nil, "192.0.2.1"},
		"no proxy, a caller who invents one":   {false, "192.0.2.1:99", []string{"203.0.113.9"}, "192.0.2.1"},
		"behind a proxy":                       {true, "10.0.0.1:99", []string{"203.0.113.9"}, "203.0.113.9"},
		"the caller adds one before the proxy": {true, "10.0.0.1:99", []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		"in a header line of its own":          {true, "10.0.0.1:99", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		"no sense in it":                       {true, "10.0.0.1:99", []string{"unknown"}, "10.0.0.1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = test.peer
			r.Header["X-Forwarded-For"] = test.forwarded
			if got := New(Options{BehindProxy: test.behind}).origin(r).Address.String(); got != test.want {
				t.Errorf("origin = %s, want %s", got, test.want)
			}
		})
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"/customers/1?tab=documents": "/customers/1?tab=documents", "": "/", "https://evil.example": "/", "//evil.example": "/",
		"/\\evil.example": "/", "/\t/evil.example": "/", "customers": "/",
	}
	for to, want := range tests {
		if got := localPath(to); got != want {
			t.Errorf("localPath(%q) = %q, want %q", to, got, want)
		}
	}
}
