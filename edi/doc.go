// Package edi reads and writes electronic documents: X12 and, as far as segments
// go, UN/EDIFACT and TRADACOMS. It knows no database and no network; an
// io.Reader goes in, an io.Writer comes out.
//
// # Nouns
//
// A Segment is a tag and its elements; an element may be a composite of
// components, and may repeat. An Interchange holds functional groups, a Group
// transaction sets, a Transaction segments. Delimiters are the bytes between
// all of these, which each interchange declares for itself. A Finding is one
// thing that is wrong.
//
// # One flow through it
//
//	bytes -> Reader -> Segments -> Parser -> Events -> guide.Validator -> Events with Findings -> ack.For
//	                       |
//	                       +-> Writer.Copy: the same bytes again
//
// Reader splits any input into segments. It finds interchanges wherever they
// begin, reads their delimiters from the header, even from one that is not as
// wide as it should be, and reports every byte exactly once: in the segment, in
// the gap before it, or as filler between interchanges. So reading and writing
// again gives the same file, whatever is wrong with it. It never fails on damage.
//
// Parser follows the envelopes. Damage stays within the smallest envelope
// around it: a lost SE costs one transaction, a lost IEA nothing but a finding.
//
// Package guide checks transactions against the description of their set, and
// package ack says the outcome to the sender: TA1 and 997. Package sets has the
// descriptions. Package mapping turns documents into records and back.
//
// EncodeJSON and DecodeJSON turn a file into JSON and back without loss.
//
// # Why it is so
//
// The classes of an element's characters are collected by the same loop that
// looks for delimiters, one table look-up for each byte, since with elements of
// four bytes on average anything done per element costs more than anything done
// per byte. Elements are slices of the read buffer: reading allocates nothing
// per segment, and memory is bounded by the longest segment, which Options
// limits. Whoever keeps a segment clones it.
//
// Events are pulled, not called back: one loop sees the records and the
// findings of a file of any size. Collect gathers them where a file is known to
// be small.
package edi
