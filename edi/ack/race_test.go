//go:build race

package ack_test

// raced tells that the race detector watches, under which pools drop what they
// are given, and more is allocated.
const raced = true
