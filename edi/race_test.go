//go:build race

package edi_test

// raced tells that the race detector watches, which costs ten times the time:
// what measures time or memory then says nothing, or reads less.
const raced = true
