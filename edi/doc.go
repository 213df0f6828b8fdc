// Package edi reads and writes electronic documents: X12, UN/EDIFACT with batch
// and interactive envelopes, and, as far as segments go, TRADACOMS. It knows no
// database and no network; an io.Reader goes in, an io.Writer comes out.
//
// # Nouns
//
// A Segment is a tag and its elements; an element may be a composite of
// components, and may repeat. An Interchange holds functional groups, a Group
// transaction sets, which EDIFACT calls messages, a Transaction segments.
// Delimiters are the bytes between all of these, which each interchange declares
// for itself, as it does its Charset. A Finding is one thing that is wrong.
//
// # One flow through it
//
//	bytes -> Reader -> Segments -> Parser -> Events -> guide.Validator -> Events with Findings -> ack.For
//	                           |
//	                           +-> Writer.Copy: the same bytes again
//
// Reader splits any input into segments. It finds interchanges wherever they
// begin, reads their delimiters from the header, even from one that is not as
// wide as it should be, and reports every byte exactly once: in the segment, in
// the gap before it, or as filler between interchanges. So reading and writing
// again gives the same file, whatever is wrong with it. It never fails on damage.
//
// Parser follows the envelopes of both standards with the same events. Damage
// stays within the smallest envelope around it: a lost SE or UNT costs one
// transaction, a lost IEA or UNZ nothing but a finding. Parallel does the same on
// several processors and tells the same.
//
// Package guide checks transactions against the description of their set, and
// package ack says the outcome to the sender: TA1, 997, 999 and CONTRL. Package
// sets has the descriptions. Package mapping turns documents into records and
// back. Package x9 is for image cash letters, which are no EDI of this kind.
//
// EncodeJSON and DecodeJSON turn a file into JSON and back without loss.
//
// # Why it is so
//
// Elements have four bytes on average, so anything done per element costs more
// than anything done per byte, and a branch at each separator is one that no
// processor foresees. So the bytes are not read one after the other: where the
// processor can, many at a time are held against the delimiters, which gives maps
// of a stretch of the input with a bit for each byte, and the segments are listed
// by counting zeros in them. That is a chart. It takes AVX2, which no Go compiler
// writes, so its two loops are assembler; they are short, take and give plain
// tables, and what they find is held against the careful way by fuzzing.
// Everywhere else, one table look-up for each byte finds the delimiters and
// collects the classes of a segment's characters, and where an element would end
// is written down at every byte: what was no separator is overwritten. That is as
// fast as Go itself can be made to do it, and takes half as long again.
//
// Both ways read segments that are nothing unusual. Whatever is unusual, by its
// tag, its length or a header that it may have swallowed, is left to the careful
// way, which looks at one byte after the other.
//
// A class that the segment does not have none of its elements has; those of one
// element are collected no sooner than somebody asks, and so are lines counted.
// Elements are slices of the read buffer: reading allocates nothing per segment,
// and memory is bounded by the longest segment, which Options limits. Whoever
// keeps a segment clones it.
//
// Events are pulled, not called back: one loop sees the records and the findings
// of a file of any size. Collect gathers them where a file is known to be small.
//
// A file is cut for several processors before the headers of transactions. A
// quick look that passes over everything but envelopes finds them, and each
// piece begins with the state that it found. Whoever reads a piece to its end
// sees whether that state was right; if ever it was not, the whole file is read
// once more, by one.
package edi
