package ack

import (
	"strconv"
	"strings"

	"fondaco/edi"
)

// contexts tells what makes the broken rule apply, for a 999: an element of the
// same segment, which a note names, or of another one, which a rule of the guide
// names. Where in the transaction that other segment stands, the rule does not say.
func contexts(f *edi.Finding) []Context {
	if n := noteTrigger(f); n > 0 {
		return []Context{{Name: SituationalTrigger, Tag: f.Path.Tag, Position: f.Path.Segment, Loop: f.LoopID, Element: n}}
	}
	if c, ok := ruleTrigger(f.Rule); ok {
		return []Context{c}
	}
	return nil
}

// ruleTrigger reads from a rule such as "if BEG/02=DS then N1[01=ST]" the place
// that it depends on.
func ruleTrigger(rule string) (Context, bool) {
	words := strings.Fields(rule)
	if len(words) > 2 && words[0] == "within" {
		words = words[2:]
	}
	if len(words) < 2 || words[0] != "if" {
		return Context{}, false
	}
	c := Context{Name: SituationalTrigger}
	c.Tag, c.Element, c.Component = placeOf(words[1])
	return c, c.Tag != ""
}

// placeOf reads a place as rules write it, PTD/QTY[01=39]/02-1: the segment, and
// the element if it is one.
func placeOf(text string) (tag string, element, component int) {
	for part := range strings.SplitSeq(withoutQualifiers(text), "/") {
		part, _, _ = strings.Cut(part, "=")
		first, second, _ := strings.Cut(part, "-")
		if n, err := strconv.Atoi(first); err == nil {
			element, component = n, atoi(second)
			continue
		}
		tag = part // the last one is the segment, those before it are loops
	}
	return tag, element, component
}

// situation is the segment that a 999 names for a rule about two places, false
// for any other finding. What is missing is named by the rule, and the finding
// stands where the trigger does; what must not be there is the finding's place.
func situation(f *edi.Finding) (Segment, bool) {
	switch {
	case strings.HasSuffix(f.ID, ".transaction.condition"):
		trigger := []Context{{Name: SituationalTrigger, Tag: f.Path.Tag, Position: f.Path.Segment, Loop: f.LoopID,
			Element: f.Path.Element, Component: f.Path.Component, Number: f.DataElement}}
		tag, element, component := placeOf(f.Expected)
		s := Segment{Tag: tag, Position: f.Path.Segment, Code: f.Code, Contexts: trigger}
		if element > 0 {
			s.Code, s.Contexts = segmentHasErrors, nil
			s.Elements = []Element{{Position: element, Component: component, Code: "I9", Contexts: trigger}}
		}
		return s, tag != ""
	case strings.HasSuffix(f.ID, ".transaction.exclusion") && f.Path.Element > 0:
		e := elementOf(f)
		e.Code = "I13"
		return Segment{Tag: f.Path.Tag, Position: f.Path.Segment, Loop: f.LoopID, Code: segmentHasErrors, Elements: []Element{e}}, true
	}
	return Segment{}, false
}

// withoutQualifiers is a place without what stands in brackets.
func withoutQualifiers(place string) string {
	for {
		from := strings.IndexByte(place, '[')
		to := strings.IndexByte(place, ']')
		if from < 0 || to < from {
			return place
		}
		place = place[:from] + place[to+1:]
	}
}

// noteTrigger reads from the note of a segment, such as C0302, which element
// makes another one required or excluded. It is the first one of a note that
// names it, and of a note about a pair or group the other one.
func noteTrigger(f *edi.Finding) int {
	if f.Code != "2" && f.Code != "10" || len(f.Rule) < 5 || len(f.Rule)%2 == 0 || strings.Trim(f.Rule[1:], "0123456789") != "" {
		return 0
	}
	first := int(f.Rule[1]-'0')*10 + int(f.Rule[2]-'0')
	second := int(f.Rule[3]-'0')*10 + int(f.Rule[4]-'0')
	switch f.Rule[0] {
	case 'C', 'L':
		return first
	case 'P', 'E':
		if f.Path.Component > 0 {
			return 0 // the numbers are components
		}
		if first == f.Path.Element {
			return second
		}
		return first
	}
	return 0
}
