// Package guide describes transaction sets and checks documents against the
// descriptions: which segments, in which order and loops, with which elements,
// types, lengths, codes and dependencies.
//
// # Nouns
//
// A Dictionary holds the elements, composites and segments of one version. A
// Guide is the structure of one transaction set. A Use is a place of a segment
// in a guide. A Library finds guides by version and set. A Validator reads
// documents and adds findings to its events. A Catalogue says findings in the
// words of a language.
//
// # One flow
//
//	v := guide.NewValidator(edi.NewReader(file, edi.Options{}), library, guide.Options{})
//	for {
//		event, err := v.Next() // until io.EOF
//		// event.Segment, v.Use() and v.LoopPath(): what stands where
//		// at edi.TransactionEnd: event.Transaction.Findings
//	}
//
// Check and Explain do this for the command line.
//
// # The format
//
// Both files are lines of words; text with spaces stands in double quotes, what
// is indented belongs to the line above, and # begins a comment. A dictionary:
//
//	element 353 ID 2 2 "Purpose"       # number, type, shortest, longest, name
//	  00 "original"                    # its codes, of which others are allowed
//	element 715 ID 1 1 closed "Verdict on the group"
//	  A "accepted"                     # these and no others
//	composite C030 "Position in the segment"
//	  01 722 M
//	  02 1528 O
//	segment REF "Reference"
//	  01 128 M                         # required
//	  02 127 X                         # see the notes
//	  03 352 O                         # optional
//	  04 C040 O repeat 2               # may stand there twice
//	  notes R0203                      # 02 or 03 has to be there
//	segment PKG "Packaging" open       # further elements are not judged
//
// The types are AN text, ID code, DT date, TM time, N0 to N9 number with implied
// decimals, R decimal number and B binary. N instead of M, O and X forbids an
// element. The notes are those of X12: P all or none, R at least one, E at most
// one, C the first requires all others, L the first requires one of the others.
//
// A guide:
//
//	guide x12 004010 867 PT "Product transfer and resale report"
//	structure
//	  ST M 1                           # required, once
//	  REF O 12                         # optional, up to twelve times
//	  loop PTD M *                     # a loop; any number of rounds
//	    PTD M 1
//	    N1[01=ST|BY] O 1               # a place that only these values take
//	      04 M                         # here this element is required
//	      03 codes 1 9 92              # and this one has a closed list
//	    CTP O * unconfirmed
//	  SE M 1
//	rules
//	  count CTT/01 LIN                 # CTT01 counts the LIN segments
//
// Neighbours with the same tag, such as places of N1 with different qualifiers,
// may come in any order. What is marked unconfirmed, because no public guide
// states it, yields a warning and never an error.
//
// # How it walks
//
// Reading a guide lists, for each place and each tag that may come next, the
// places the segment can take, the nearest first, and the required places that
// the step would pass over. Validation then looks numbers up. A segment that
// has no place from here on is out of sequence, misses the head of its loop, or
// cannot stand here; the walk goes on from where what follows makes most sense,
// so that one mistake is one finding.
//
// The descriptions of elements are packed into eight bytes each, which the
// checking loop compares with length and character classes that the reader has
// collected; only what looks suspicious there is examined.
package guide
