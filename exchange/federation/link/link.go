package link

import (
	"encoding/base64"
	"fmt"
)

// MaxFlight is how many batches may be under way without being confirmed.
const MaxFlight = 8

// Token names a batch. It is random, so that no two histories share one.
type Token [16]byte

// IsZero tells whether t names no batch.
func (t Token) IsZero() bool { return t == Token{} }

// MarshalText gives t in base64 without padding, 22 characters.
func (t Token) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, t[:]), nil
}

// UnmarshalText reads what [Token.MarshalText] wrote, and nothing else.
func (t *Token) UnmarshalText(b []byte) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(b))
	if err != nil || len(raw) != len(t) {
		return fmt.Errorf("token %.30q: want 22 characters of base64", b)
	}
	copy(t[:], raw)
	return nil
}

// Position is a place in the chain: that after the batch of this token. The
// zero Position is the place before the first batch.
type Position struct {
	Epoch  int64 `json:"epoch"`
	Number int64 `json:"number"`
	Token  Token `json:"token"`
	// Withdrawn is how many batches up to here took something back.
	Withdrawn int64 `json:"withdrawn"`
}

// Header is what a batch says of its place in the chain.
type Header struct {
	// Position is the place after this batch.
	Position
	// Prev is the token of the batch before; zero for the first of an epoch.
	Prev Token `json:"prev"`
	// Try counts the sender's rewinds, so that reports of a gap made before the last rewind are known as such.
	Try int64 `json:"try"`
	// Start opens an epoch; End closes its snapshot: what the epoch has not mentioned is to be swept away.
	Start bool `json:"start,omitempty"`
	End   bool `json:"end,omitempty"`
}

// Probe tells whether the batch only asks for the receiver's position.
func (h Header) Probe() bool { return h.Prev == h.Token && !h.Token.IsZero() }

// Report is what the receiver tells the sender.
type Report struct {
	Position
	// Gap is set when a batch arrived that leaves others out; Try is that of the batch.
	Gap bool  `json:"gap,omitempty"`
	Try int64 `json:"try,omitempty"`
	// Boot names the run of the receiver, and Count the report within it: an older one that arrives late is
	// dropped.
	Boot  Token `json:"boot"`
	Count int64 `json:"count"`
}

// mutants switch rules off, each to prove that the simulator notices. Nothing
// outside the tests of this package can set them.
type mutants struct {
	nogap     bool // the receiver applies whatever comes
	seqtoken  bool // tokens are numbers
	sameepoch bool // a snapshot is sent again under its old epoch
	nosweep   bool // the end of a snapshot sweeps nothing
	nopurge   bool // narrowing leaves undelivered batches where they are
	nofence   bool // an owner set back to a backup goes on as if nothing had happened

	nosent   bool // what was sent is not remembered
	grantlog bool // a change of grants is not told to the sender
	queue    bool // what is sent was made up at the time of the write
}
