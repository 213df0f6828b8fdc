// Package mapping translates between transaction sets and canonical records,
// by one text file a set that is read in both directions.
//
// A [Map] is written beside the guide of its set, as x12/004010/867/map:
//
//	map x12 004010 867 SalesReport
//
//	codes purpose                       # a table of codes; the first of several is written
//	  original 00
//
//	shape party                         # lines used in several places
//	  N1/02 -> name
//	  N1/03..04{UL} -> gln              # a value behind its qualifier, in pairs of elements
//
//	record
//	  BPT/01 -> purpose code purpose
//	  BPT/03 -> reportedOn date
//	  DTM[01=090]/02 -> periodStartsOn date  # a segment chosen by its qualifier
//	  loop N1[01=DS|DB] -> distributor party # an object; the first qualifier is preferred, and written
//	  loop PTD -> sales[]               # a list
//	    loop QTY -> lines[]
//	      QTY/02 -> quantity decimal negative 01=76
//	      UIT/01-1 -> unitOfMeasure     # a component
//	      REF[01=SE]/02 -> serialNumbers[]
//	      PID/01 = F                    # a constant, written with the segment
//	  CTT/01 = count LIN
//	  AMT[01=TT]/02 = sum sales/lines/amount
//
// The types are text, date (2026-01-31), decimal, integer, implied N (N
// implied decimals) and code TABLE; negative makes a number negative where a
// condition holds, as returns are counted. A code that a table lacks passes
// through as it is. Places are checked against the guide when the map is read.
//
// One flow: a [Source] follows a validator and hands out each transaction as a
// [Document]; [Map.Decode] reads an [Object] of it, whose values know from
// which element they came; [NewSalesReport] turns that into the values of
// package schema. Back, [Map.Put] writes a changed Object into its Document,
// and [Map.Encode] makes a new one.
//
// The two directions obey the laws of a lens. What was read and is put back
// changes no byte, also not of what the map does not name; and what was put
// reads back the same, or Put refuses it with the reason. For that, Put and
// Encode read what they have written with the validator before they return it.
//
// This package is the only bridge between documents and records: edi and
// schema do not know each other.
package mapping
