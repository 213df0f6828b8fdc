package trading

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"fondaco/edi"
)

// finding is a finding as records keep it and people read it. Positions count
// from the first byte of the interchange.
type finding struct {
	Severity  string `json:"severity"`
	Code      string `json:"code,omitempty"` // in an acknowledgment
	ID        string `json:"id"`
	Message   string `json:"message"`
	Remedy    string `json:"remedy,omitempty"`
	Segment   string `json:"segment,omitempty"`
	Element   int    `json:"element,omitempty"`
	Component int    `json:"component,omitempty"`
	Position  int64  `json:"position"`
	Length    int    `json:"length"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Path      string `json:"path,omitempty"`
	Loop      string `json:"loop,omitempty"`
	Name      string `json:"name,omitempty"` // what the guide calls the segment or element
	Found     string `json:"found,omitempty"`
	Expected  string `json:"expected,omitempty"`
	Rule      string `json:"rule,omitempty"`
}

// maxFindings is how many a record keeps.
const maxFindings = 500

// tell turns findings into words, with places from the interchange's start on.
func (s *Service) tell(list []edi.Finding, start edi.Position) []finding {
	english, err := wordsOf("en")
	if err != nil {
		panic(err) // embedded, and read by the tests
	}
	var all []finding
	for i := range list {
		f := &list[i]
		t := finding{
			Severity: strings.ToUpper(f.Severity.String()), Code: f.Code, ID: f.ID, Segment: f.Path.Tag, Element: f.Path.Element,
			Component: f.Path.Component, Length: f.Length, Path: f.Path.String(), Loop: f.LoopID, Name: f.Name, Found: f.Value, Expected: f.Expected, Rule: f.Rule,
		}
		t.Message, t.Remedy = english.say(f)
		if f.Position.Line > 0 {
			t.Position = max(f.Position.Offset-start.Offset, 0)
			t.Line, t.Column = max(f.Position.Line-start.Line+1, 1), f.Position.Column
			if f.Position.Line == start.Line {
				t.Column = max(f.Position.Column-start.Column+1, 1)
			}
		}
		// PostgreSQL keeps no NUL character, and a damaged file may hold some.
		for _, text := range []*string{&t.Message, &t.Segment, &t.Path, &t.Name, &t.Found, &t.Expected, &t.Rule} {
			*text = plain(*text)
		}
		all = append(all, t)
		if len(all) == maxFindings {
			break
		}
	}
	return all
}

// messages are the words for findings of this package.
var messages = map[string][2]string{
	"trading.unreadable": {
		"No interchange could be read in this file: {rule}",
		"Send a file that begins with an ISA segment (X12), or with UNA or UNB (EDIFACT).",
	},
	"trading.unknown-partner": {
		"No trading partner is known that sends {value}",
		"Correct the sender and receiver in the ISA or UNB, or have the trading partner added; the file is kept and tried again then.",
	},
	"trading.duplicate": {
		"The same interchange was received before, at {value}. It changed nothing",
		"Nothing is to be done. The acknowledgment is sent again.",
	},
	"trading.control-reused": {
		"Control number {value} was used before, with other content",
		"Give the interchange a new control number and send it again.",
	},
	"trading.test-refused": {
		"The interchange is marked as a test (ISA15, or 0035 in the UNB), and this trading partner sends no tests",
		"Take the mark out, with P in ISA15 or an empty 0035, or have tests allowed.",
	},
	"trading.test": {
		"This was a test: the documents were checked and acknowledged, and nothing was posted",
		"Send it without the mark, with P in ISA15 or an empty 0035, when it is meant.",
	},
	"trading.not-posted": {
		"The document is in order, and nothing is posted for a document of type {value}",
		"Nothing is to be done.",
	},
	"trading.day-assumed": {
		"The document does not say {value}: {rule} was taken, the day on which it was made",
		"Nothing is to be done, unless another day is meant: then state it in the next document.",
	},
	"trading.refused": {
		"Errors are accepted from this trading partner, but what is wrong here keeps the document from being taken",
		"Correct what is listed and send the document again.",
	},
	"trading.ack-unmatched": {
		"The {value} answers nothing that was sent: {rule}",
		"Ask the trading partner what it means: nothing was sent under that number, or it was sent to somebody else.",
	},
	"trading.ack-contradicts": {
		"The {value} says something else than what was said before: {rule}. What was said first holds",
		"Ask the trading partner which of the two holds.",
	},
	"trading.ack-refused": {
		"The trading partner refused it: {rule}",
		"Correct the document and send it again.",
	},
	"trading.ack-overdue": {
		"Nothing was said of {value} in the time that was agreed on: {rule}",
		"Ask the trading partner whether it arrived; if it did not, send it again.",
	},
	"trading.unanswered": {
		"No acknowledgment could be written: {rule}",
		"Correct the header of the interchange and send it again.",
	},
	"trading.record": {
		"The record cannot be kept: {rule}",
		"Correct the value and send the document again.",
	},
}

// encodeFindings gives a list as a value of a record, nil for none.
func encodeFindings(list []finding) any {
	if len(list) == 0 {
		return nil
	}
	raw, err := json.Marshal(list)
	if err != nil {
		panic(err) // of strings and numbers alone
	}
	return json.RawMessage(raw)
}

// writeReport writes what a person reads beside a file that had errors.
func writeReport(name, state string, at time.Time, groups []reported) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nReceived %s. %s\n", name, at.UTC().Format("2006-01-02 15:04:05 UTC"), stateWords[state])
	for _, g := range groups {
		if len(g.findings) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", g.title)
		for _, f := range g.findings {
			where := ""
			if f.Line > 0 {
				where = fmt.Sprintf("line %d, column %d: ", f.Line, f.Column)
			}
			fmt.Fprintf(&b, "  %s%s: %s.\n", where, strings.ToLower(f.Severity), f.Message)
			if f.Path != "" {
				fmt.Fprintf(&b, "    at %s\n", f.Path)
			}
			if f.Remedy != "" {
				fmt.Fprintf(&b, "    %s\n", f.Remedy)
			}
		}
	}
	return []byte(b.String())
}

// reported is a part of a report.
type reported struct {
	title    string
	findings []finding
}

var stateWords = map[string]string{
	"POSTED":      "All of it was taken.",
	"PARTLY":      "Some of it was taken; what is listed as rejected was not.",
	"REJECTED":    "Nothing of it was taken.",
	"QUARANTINED": "It is kept, and a person has to look at it.",
	"DUPLICATE":   "It repeats an earlier file and changed nothing.",
}
