package auth

import (
	"context"
	"strings"
	"testing"

	"fondaco/schema"
)

// cheap keeps tests quick; the form is that of the real cost.
var cheap = cost{memory: 64, time: 1, lanes: 1}

func TestPasswordCheck(t *testing.T) {
	t.Parallel()
	h := newHasher(1, 4, cheap)
	stored, err := h.make(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	dearer := newHasher(1, 4, cost{memory: 128, time: 1, lanes: 1})
	tests := map[string]struct {
		hasher      *hasher
		password    string
		stored      string
		same, stale bool
	}{
		"the right password":                   {h, "correct horse battery", stored, true, false},
		"a wrong one":                          {h, "correct horse batterz", stored, false, false},
		"no account, so no hash":               {h, "correct horse battery", "", false, false},
		"the decoy's own key is not a way in":  {h, "", "", false, false},
		"the right one, hashed at an old cost": {dearer, "correct horse battery", stored, true, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same, stale, err := test.hasher.check(t.Context(), test.password, test.stored)
			if err != nil || same != test.same || stale != test.stale {
				t.Errorf("check(%q) = %v, %v, %v; want %v, %v", test.password, same, stale, err, test.same, test.stale)
			}
		})
	}
}

func TestPasswordHashForm(t *testing.T) {
	t.Parallel()
	h := newHasher(1, 0, currentCost)
	text, err := h.make(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(text, want) {
		t.Errorf("hash = %q, want it to begin with %q", text, want)
	}
	parsed, err := parsePasswordHash(text)
	if err != nil || parsed.String() != text {
		t.Errorf("parsePasswordHash(%q) = %v, %v; want it back", text, parsed, err)
	}
}

func TestDamagedHashIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"plain", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=18$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=64,t=1,p=1$!$a2V5", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5",
	} {
		if _, err := parsePasswordHash(text); err == nil {
			t.Errorf("parsePasswordHash(%q) is no error", text)
		}
	}
}

func FuzzParsePasswordHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parsePasswordHash(text)
		if err != nil {
			return
		}
		again, err := parsePasswordHash(h.String())
		if err != nil || again.String() != h.String() {
			t.Errorf("%q does not survive being written and read: %v", text, err)
		}
	})
}

func TestFullQueueTurnsAway(t *testing.T) {
	t.Parallel()
	h := newHasher(1, 1, cheap)
	running, release := make(chan struct{}), make(chan struct{})
	results := make(chan error, 2)
	go func() { results <- h.do(context.Background(), func() { close(running); <-release }) }()
	<-running
	ctx, cancel := context.WithCancel(context.Background())
	h.queue <- struct{}{} // somebody waits
	if err := h.do(ctx, func() {}); schema.Code(err) != schema.CodeLimit {
		t.Errorf("with the queue full do = %v, want code limit", err)
	}
	<-h.queue
	cancel()
	if err := h.do(ctx, func() { t.Error("ran for a caller that had left") }); err != context.Canceled {
		t.Errorf("for a caller that left do = %v, want %v", err, context.Canceled)
	}
	close(release)
	if err := <-results; err != nil {
		t.Errorf("the one that ran got %v", err)
	}
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		password string
		want     string
	}{
		"four words":         {"correct horse battery staple", ""},
		"ten letters abroad": {"żółćżółćżó", ""},
		"nine characters":    {"123456789", "is too short"},
		"the address":        {"ANA@EXAMPLE.COM", "is the e-mail address"},
		"a novel":            {strings.Repeat("a", 257), "is too long"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := checkPassword(test.password, "ana@example.com")
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("checkPassword(%q) = %v, want %q", test.password, err, test.want)
			}
		})
	}
}
