package mapping

import (
	"fmt"
	"strings"

	"fondaco/edi"
	"fondaco/edi/guide"
)

func isEDIFACT(g *guide.Guide) bool { return strings.HasPrefix(g.Name, "edifact/") }

// messageVersion are UNH's version and release of a guide for D.96A: D and 96A.
func messageVersion(g *guide.Guide) (version, release string) {
	version, release, _ = strings.Cut(g.Version, ".")
	return version, release
}

// delimiters are those with which a set is written.
func delimiters(g *guide.Guide) edi.Delimiters {
	if isEDIFACT(g) {
		return edi.EDIFACTDelimiters
	}
	d := edi.X12Delimiters
	if g.Version < "00402" {
		d.Repetition = 0
	}
	return d
}

// openInterchange writes the header of an interchange.
func openInterchange(b []byte, g *guide.Guide, o *WriteOptions, control string) []byte {
	date, d := o.Date.UTC(), o.delimiters(g)
	e, c, t := string(rune(d.Element)), string(rune(d.Component)), d.Terminator
	if isEDIFACT(g) {
		if d != edi.EDIFACTDelimiters {
			b = fmt.Appendf(b, "UNA%s%s.%c %s\n", c, e, d.Release, t)
		}
		elements := []string{"UNB", "UNOC" + c + "3", address(d, o.Sender, o.SenderQualifier, "SENDER"),
			address(d, o.Receiver, o.ReceiverQualifier, "RECEIVER"), date.Format("060102") + c + date.Format("1504"), controlOf(control)}
		if o.Test {
			elements = append(elements, "", "", "", "", "", "1")
		}
		return append(append(b, strings.Join(elements, e)...), t...)
	}
	usage, repetition := "P", "U"
	if o.Test {
		usage = "T"
	}
	if g.Version >= "00402" && d.Repetition != 0 {
		repetition = string(rune(d.Repetition))
	}
	blank := strings.Repeat(" ", 10)
	elements := []string{"ISA", "00", blank, "00", blank, padded(or(o.SenderQualifier, "ZZ"), 2), padded(or(o.Sender, "SENDER"), 15),
		padded(or(o.ReceiverQualifier, "ZZ"), 2), padded(or(o.Receiver, "RECEIVER"), 15), date.Format("060102"), date.Format("1504"),
		repetition, g.Version[:5], number9(control, 9), "0", usage, c}
	return append(append(b, strings.Join(elements, e)...), t...)
}

func padded(s string, width int) string { return fmt.Sprintf("%-*.*s", width, width, s) }

func address(d edi.Delimiters, id, qualifier, instead string) string {
	b, _ := d.Escape(nil, []byte(or(id, instead)))
	if qualifier != "" {
		b, _ = d.Escape(append(b, d.Component), []byte(qualifier))
	}
	return string(b)
}

// openGroup writes the header of a functional group.
func openGroup(b []byte, g *guide.Guide, o *WriteOptions, control string) []byte {
	date, d := o.Date.UTC(), o.delimiters(g)
	elements := []string{"\nGS", g.Group, strings.TrimSpace(or(o.SenderGroup, or(o.Sender, "SENDER"))), strings.TrimSpace(or(o.ReceiverGroup, or(o.Receiver, "RECEIVER"))),
		date.Format("20060102"), date.Format("1504"), number9(control, 1), "X", g.Version}
	return append(append(b, strings.Join(elements, string(rune(d.Element)))...), d.Terminator...)
}

// envelope puts one transaction into an interchange, in which it can be read.
func envelope(g *guide.Guide, d edi.Delimiters, body []byte) []byte {
	e, t := string(rune(d.Element)), d.Terminator
	if isEDIFACT(g) {
		decimal, release := d.Decimal, d.Release
		if decimal == 0 {
			decimal = '.'
		}
		if release == 0 {
			release = ' '
		}
		b := fmt.Appendf(nil, "UNA%c%s%c%c %s", d.Component, e, decimal, release, t)
		b = fmt.Appendf(b, "UNB%[1]sUNOC%[2]c3%[1]sSENDER%[1]sRECEIVER%[1]s000101%[2]c0000%[1]s1%[3]s", e, d.Component, t)
		b = append(b, body...)
		return fmt.Appendf(b, "UNZ%[1]s1%[1]s1%[2]s", e, t)
	}
	repetition := "U"
	if g.Version >= "00402" && d.Repetition != 0 {
		repetition = string(rune(d.Repetition))
	}
	isa := []string{"ISA", "00", "          ", "00", "          ", "ZZ", "SENDER         ", "ZZ", "RECEIVER       ", "000101", "0000",
		repetition, g.Version[:5], "000000001", "0", "P", string(rune(d.Component))}
	b := append([]byte(strings.Join(isa, e)), t...)
	gs := []string{"GS", g.Group, "SENDER", "RECEIVER", "20000101", "0000", "1", "X", g.Version}
	b = append(append(b, strings.Join(gs, e)...), t...)
	b = append(b, body...)
	return append(b, strings.Join([]string{"GE", "1", "1" + t + "IEA", "1", "000000001" + t}, e)...)
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
