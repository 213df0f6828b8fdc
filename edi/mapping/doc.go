// Package mapping translates between transaction sets or messages and canonical
// records, by one text file a set that is read in both directions.
//
// A Map is written beside the guide of its set, as x12/004010/867/map:
//
//	map x12 004010|005010 844 RebateClaim # one file may serve several versions
//	given state submitted                 # what follows from the set itself
//
//	codes purpose                         # a table of codes; the first of several is written
//	  original 00
//
//	shape party                           # lines used in several places
//	  N1/02 -> name
//	  N1/03..04{UL} -> gln                # a value behind its qualifier, in pairs of elements
//
//	tree HL 01 02 04                      # rounds that name the round to which they belong
//
//	record
//	  BAA/01 -> purpose code purpose
//	  BAA/01 = 00                         # what is written if the record says nothing
//	  BAA/03 -> claimedOn date
//	  DTM[01=090]/02 -> periodStartsOn date # a segment chosen by its qualifier
//	  loop N1[01=DS|DB] -> claimant party # an object; the first qualifier is preferred, and written
//	  loop CON -> authorizations[] flat   # a list; flat says that its values are those of the record
//	    loop PAD -> lines[]
//	      QTY/02 -> quantity decimal negative 01=76
//	      UIT/01-1 -> unitOfMeasure       # a component
//	      REF[01=SE]/02 -> serialNumbers[]
//	      PID/01 = F                      # a constant, written with the segment
//	      SDQ/03..21+2 -> stores[]        # values side by side, every second element
//	      UIT/01-1 = EA for 02            # one that is written beside a value
//	  CTT/01 = count PAD
//	  CTT/02 = hash QTY/02                # of the digits of all quantities, as X12 makes hash totals
//	  AMT[01=TT]/02 = sum authorizations/lines/claimedAmount
//
// EDIFACT needs no more: qualifiers are components, as in DTM[01-1=137]/01-2
// and PIA[01=5]/02..06-1{-2=SA|MF}, and a loop may be named as the guide does,
// SG50, where several begin with one segment. A tree nests what its rounds say:
// in a loop HL[03=S] stand the loops HL[03=O] that belong to it. A round is
// taken by the first loop of its scope whose conditions it meets.
//
// The types are text, date (2026-01-31), day (a date that may have a time behind
// it), decimal, integer, implied N (N implied decimals) and code TABLE;
// negative makes a number negative where a condition holds, as returns are
// counted. A code that a table lacks passes through as it is. Places are checked
// against the guide when the map is read.
//
// # Three ways
//
// Of a document, with its bytes: a Source follows a validator and hands out each
// transaction as a Document; Map.Decode reads an Object of it, whose values know
// from which element they came. Back, Map.Put writes a changed Object into its
// Document, and Map.Encode makes a new one.
//
// In passing: JSON writes a line for each transaction of a file of any length,
// without keeping it, and Write is the way back. A transaction of any length is
// written while it is read, in both ways: a list whose rounds are all that the
// record still lacks goes out round by round, and only what is open stays. A set
// without a map has its canonical JSON by its guide alone: an object of segments
// and loops, without loss in both directions; to be written, it is kept as a
// whole.
//
// Of package schema: Map.Entries turns an Object into values of the kind that
// the map names, and Map.Record is the way back; NewSalesReport and SalesReports
// do so for reports of what was sold on.
//
// # Laws and speed
//
// The two directions obey the laws of a lens. What was read and is put back
// changes no byte, also not of what the map does not name; and what was put reads
// back the same, or Put refuses it with the reason; only a value for which the
// map has a default may be there beside it. For that, Put and Encode read what
// they have written with the validator before they return it. Write has it
// validated, and reads back what is not certain: that a segment which stands in
// the place for which it was written is read by the rules that wrote it can be
// told from the map, for nearly all segments, before any record is seen. The
// tests draw documents for every map, from its guide and from what the map looks
// for.
//
// A map is compiled into lists of steps by the number of the place in the guide.
// A record on its way lies on a tape: texts in one piece of memory, values and
// objects as small numbers in others, which the next record uses again. Documents
// say the same things line after line: JSON remembers the ways that rounds of a loop
// went, holds back the segments of a round as long as it goes one of them, and then
// prints it at once, as texts with values between them. A round that goes its own
// way is put onto the tape, and its way is remembered.
//
// This package is the only bridge between documents and records: edi and schema
// do not know each other.
package mapping
