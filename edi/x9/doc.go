// Package x9 reads, checks and writes image cash letters as X9.100-187 has
// them: the cheques that pay for something, with a picture of each. It is small
// on purpose, and knows no database and no network.
//
// # Nouns
//
// A Record is a line of text, 80 characters as a rule, that begins with its
// two-digit type. Records nest: file (01 to 99), cash letter (10 to 90), bundle
// (20 to 70), and in it items: cheques (25), returns (31) and credits (61), each
// with addenda and images (50, 52, 54). A record of type 52 ends with an image,
// which is not text and may be large.
//
// # One flow through it
//
//	r := x9.NewReader(file)
//	w := x9.NewWriter(copy)
//	for {
//		rec, err := r.Next()
//		...
//		amount := rec.Field("amount")
//		w.Copy(rec) // the same bytes again, the image streamed
//	}
//
// Check compares counts and totals of the control records (70, 90, 99) with
// what is there. EncodeJSON and DecodeJSON turn a file into JSON and back
// without loss.
//
// # Why it is so
//
// Three framings are in use: each record behind its length in four bytes, each
// on a line of its own, or one straight after the other; and two character
// sets, ASCII and EBCDIC. The first bytes tell which, so nobody is asked. What
// cannot be framed is handed out as Junk: every byte of the input is in exactly
// one record. Images are streamed, since a day's cheques do not fit in memory.
package x9
