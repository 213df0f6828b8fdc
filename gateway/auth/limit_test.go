package auth

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := newLimiter(10*time.Second, 3, 100)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i := range 3 {
		if wait := l.wait("ana", now); wait != 0 {
			t.Fatalf("attempt %d waits %v, want none", i+1, wait)
		}
	}
	for range 5 {
		if wait := l.wait("ana", now); wait != 10*time.Second {
			t.Errorf("a refused attempt waits %v, want 10s each time: it must not push the end away", wait)
		}
	}
	if wait := l.wait("bia", now); wait != 0 {
		t.Errorf("another key waits %v, want none", wait)
	}
	if wait := l.wait("ana", now.Add(10*time.Second)); wait != 0 {
		t.Errorf("after ten seconds the key waits %v, want none", wait)
	}
}

func TestLimiterForgetsTheOldest(t *testing.T) {
	t.Parallel()
	l := newLimiter(time.Hour, 1, 10)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l.wait("kept", now)
	for i := range 1000 {
		l.wait(fmt.Sprint("flood", i), now)
		if l.wait("kept", now) == 0 {
			t.Fatalf("the key in use was forgotten after %d others", i)
		}
	}
	if len(l.byKey) != 10 || l.recent.Len() != 10 {
		t.Errorf("holds %d and %d keys, want 10", len(l.byKey), l.recent.Len())
	}
}

func TestAddressKey(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	}
	for addr, want := range tests {
		if got := addressKey(netip.MustParseAddr(addr)); got != want {
			t.Errorf("addressKey(%s) = %s, want %s", addr, got, want)
		}
	}
	if got := addressKey(netip.Addr{}); got == "" {
		t.Error("an address that is not known has no key")
	}
}
