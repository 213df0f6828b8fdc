package guide

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"

	"fondaco/edi"
)

// near finds the guide of a set for a version of X12 that is cut short, as 4010
// and 00401 are: zeros at its front do not count, and its digits begin exactly one
// of the releases that the library has the set in.
func (l *Library) near(version, set string) (g *Guide, release string) {
	digits := strings.TrimLeft(version, "0")
	if len(version) >= releaseSize || len(digits) < 3 || !onlyDigits([]byte(digits)) || !plain(set) {
		return nil, ""
	}
	for _, files := range l.files {
		found, err := fs.Glob(files, path.Join("x12", "*", set, "guide"))
		if err != nil {
			return nil, ""
		}
		for _, f := range found {
			r := strings.Split(f, "/")[1]
			if len(r) != releaseSize || !onlyDigits([]byte(r)) || !strings.HasPrefix(strings.TrimLeft(r, "0"), digits) || r == release {
				continue
			}
			if release != "" {
				return nil, "" // either could be meant
			}
			release = r
		}
	}
	if release == "" {
		return nil, ""
	}
	g, err := l.Guide(release, set)
	if err != nil {
		return nil, ""
	}
	return g, release
}

// releaseSize is the length of a version of X12 without its industry's suffix.
const releaseSize = 6

// look finds the guide of a transaction, and the release that the version of its
// group was taken for if that is not written as it should be.
func (v *Validator) look(e *edi.Event) (g *Guide, release string, err error) {
	t := e.Transaction
	if v.std == edi.EDIFACT {
		g, err = v.lib.Message(t.Version(), t.Agency(), t.Set(), t.Association())
		return g, "", err
	}
	g, err = v.lib.Guide(e.Group.Version(), t.Set())
	if errors.Is(err, ErrNoGuide) {
		if g, release = v.lib.near(e.Group.Version(), t.Set()); g != nil {
			return g, release, nil
		}
	}
	return g, "", err
}

// taken tells, at the first transaction of a group, which release its version was
// taken for.
func (v *Validator) taken(e *edi.Event) {
	if v.readAs == "" || e.Transaction.Index > 1 {
		return
	}
	f := v.breach("set.version-read")
	f.Path.Element, f.DataElement, f.Name = 8, "480", envelopes().Element("480").Name
	f.Value, f.Expected = e.Group.Version(), v.readAs
	v.Add(f, &e.Group.Header)
}

// day tells a date of six digits in the header of a group whose version has eight:
// which day it is, is clear all the same.
func (v *Validator) day(s *edi.Segment) {
	date, version := s.Element(4), s.Element(8)
	if len(date) != 6 || !edi.ValidDate(date) || len(version) < releaseSize || !onlyDigits(version[:releaseSize]) || string(version[:releaseSize]) < "004010" {
		return
	}
	e := envelopes().Element("373")
	f := v.breach("element.too-short")
	f.Severity, f.Level, f.Code, f.Path.Element = edi.Warning, edi.LevelGroup, envelopeCode(edi.GS, 4), 4
	f.DataElement, f.Name, f.Value, f.Expected, f.Rule = e.Number, e.Name, text(date), "8", e.TypeName()
	v.Add(f, s)
}

// repeated tells whether an element of a trailer is the control number of the
// interchange, written in another way than in the header: which the parser tells.
func (v *Validator) repeated(s *edi.Segment, n int) bool {
	if s.Tag() != edi.IEA || n != 2 || v.ic == nil {
		return false
	}
	number, of := s.Element(2), v.ic.Header.Element(13)
	return !bytes.Equal(number, of) && onlyDigits(number) && onlyDigits(of) &&
		bytes.Equal(bytes.TrimLeft(number, "0"), bytes.TrimLeft(of, "0"))
}
