// Package guide describes transaction sets and messages and checks documents
// against the descriptions: which segments, in which order and loops, with which
// elements, types, lengths, codes and dependencies.
//
// # Nouns
//
// A Dictionary holds the elements, composites and segments of one version of X12
// or one directory of EDIFACT. A Guide is the structure of one transaction set
// or message. An overlay is a guide that restricts another one, as partners give
// them to one another. A Use is a place of a segment in a guide. A Library finds
// guides by version and set. A Validator reads documents and adds findings to
// its events. A Catalogue says findings in the words of a language.
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
// Check and Explain do this for the command line. Sample makes up a document
// from a guide, Broken one for each rule that a document can break, Diff tells
// two guides apart. Package directory, below this one, makes guides of the
// directories that UNECE publishes.
//
// # The format
//
// All files are lines of words; text with spaces stands in double quotes, what
// is indented belongs to the line above, and # begins a comment. A dictionary:
//
//	element 353 ID 2 2 "Purpose"       # number, type, shortest, longest, name
//	  00 "original"                    # its codes, of which others are allowed
//	element 715 ID 1 1 closed "Verdict on the group"
//	  A "accepted"                     # these and no others
//	element 65 R 1 8 unconfirmed "Height"  # what does not fit is a warning
//	element 1004 an..35 "Number"       # as EDIFACT writes it; an n a, with .. up to
//	composite C030 "Position in the segment"
//	  01 722 M
//	  02 1528 O
//	segment REF "Reference"
//	  01 128 M                         # required
//	  02 127 X                         # see the notes
//	  03 352 O                         # optional; C means the same
//	  04 C040 O repeat 2               # may stand there twice
//	  notes R0203                      # 02 or 03 has to be there
//	  notes unconfirmed C0403          # a breach of this one is a warning
//	segment PKG "Packaging" open       # further elements are not judged
//
// The types of X12 are AN text, ID code, DT date, TM time, N0 to N9 number with
// implied decimals, R decimal number and B binary. N instead of M, O and X
// forbids an element. The notes of X12 are P all or none, R at least one, E at
// most one, C the first requires all others, L the first requires one of the
// others; those of EDIFACT D1(01,02) one and only one, D2 all or none, D3 one or
// more, D4 one or none, D5 the first requires all others, D6 the first requires
// one of the others, D7 the first excludes the others. The segments around and
// within EDIFACT messages, UNH or UNS, need not be in a dictionary, which then
// begins with the line "dictionary edifact" if it has no element either.
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
//	      03 codes 1 9 92              # has a closed list
//	      02 length 1 35               # is shorter
//	    DTM[01-1=137] O 1              # by a component; several: [01=7,02-1=X]
//	    CTP O * unconfirmed
//	  SE M 1
//	rules
//	  count CTT/01 LIN                 # CTT01 counts the LIN segments
//	  sum TDS/01 IT1/02*04 + SAC[01=C]/05 - SAC[01=A]/05 unless IT1/05!=PE or CTP unconfirmed
//	  hash CTT/02 IT1/02               # the digits of all IT102, without sign and point
//	  tree HL/01 HL/02                 # numbers, and the number of the one above
//	  if BPT/01=00 then DTM[01=090]    # or: then not ..., or an element: N1/04
//	  within PTD if PTD/01=SS then PTD/N1[01=ST]
//	  limit PTD 5000
//	  unit BPT/02                      # what findings say they are about
//
// That of a message reads "guide edifact D.96A ORDERS UN ...", stands between
// UNH and UNT and calls its loops SG1 and so on. What is forbidden, required or
// checked in a place is said below it: 03 M, 03 N, 03 codes, 03 length, 03
// repeat 2 (the most) or repeat 2 5 (the least, if it is there, and the most), 03
// format CCYYMMDD, 03 check gtin (gln, duns, sscc), and the same for components
// with 03-1. A rule speaks of a segment by its tag, or by its
// whole path where the tag alone is not clear; the path of a loop is its first
// segment. HL segments of X12 bring their rule with them.
//
// Neighbours with the same tag, such as places of N1 with different qualifiers,
// may come in any order. What is marked unconfirmed, because no public guide
// states it, yields a warning and never an error.
//
// An overlay:
//
//	guide x12 004010 850 PO "Order to Maker" extends x12/004010/850
//	restrict
//	  BEG
//	    02 codes DS SA
//	  CUR M                            # required here
//	  TAX N                            # not used
//	  PO1 max 1000                     # the loop
//	  N1[01=ST] M max 1                # a place of its own for ST
//	  N1[01=ST]/N4 M
//	  N1 N                             # and no other N1
//	rules
//	  if BEG/02=DS then N1[01=ST]/04
//
// It may only restrict: whatever its base does not allow is an error that says
// where the guide widens it. Places split from one by their qualifiers share the
// limit of that one, and if it was required, one of them has to be.
//
// # How it walks
//
// For each place and each tag that may come next, a guide lists the places the
// segment can take, the nearest first, and the required places that the step
// would pass over; it does so when a walk first stands there. A segment that has
// no place from here on is out of sequence, misses the head of its loop, or
// cannot stand here; the walk goes on from where what follows makes most sense,
// so that one mistake is one finding. Where a segment passes over a required place,
// that is told as missing, unless just that follows: then it is the segment that
// stands too early. Nothing steps over the section separator of EDIFACT, for which
// it is made.
//
// # Why it is fast
//
// Documents repeat themselves: what follows a segment is mostly what followed it
// before, and the next segment in a place mostly has the separators and the
// elements that the last one had. So a walk remembers from each place where it
// went, and a validator of each place what segments were like in which all was in
// order, their plan. All that depends on what is there, and not on what it says,
// is settled by being like the plan: what is required, what excludes what, how
// many components there are. What remains is a run over the values, each of which
// has to have the right length and, as a number of eight bytes, to be a code of a
// list, a day or a number.
//
// Whatever is not like that takes the long way, on which the descriptions of
// elements, packed into eight bytes each, are compared with length and character
// classes that the reader has collected. What looks suspicious there is examined
// again, by the code that knows how to say what is wrong.
//
// A guide is read when it is first asked for, and of a dictionary that is compiled
// into the program only the entries that guides name.
package guide
