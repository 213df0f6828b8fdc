package guide

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"fondaco/edi"
)

//go:embed messages/*.txt
var messageFiles embed.FS

// Catalogue turns findings into sentences of one language.
type Catalogue struct {
	Language string
	messages map[string]message
	fallback *Catalogue
}

type message struct{ says, fix string }

// Languages lists those that have a catalogue, English among them.
func Languages() []string {
	files, err := messageFiles.ReadDir("messages")
	if err != nil {
		panic(err) // embedded
	}
	var list []string
	for _, f := range files {
		list = append(list, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	return list
}

var english = sync.OnceValues(func() (*Catalogue, error) { return loadCatalogue("en") })

// Messages returns the catalogue of a language, en for example. What it lacks
// is said in English.
func Messages(language string) (*Catalogue, error) {
	en, err := english()
	if err != nil || language == "en" || language == "" {
		return en, err
	}
	c, err := loadCatalogue(language)
	if err != nil {
		return nil, err
	}
	c.fallback = en
	return c, nil
}

func loadCatalogue(language string) (*Catalogue, error) {
	text, err := messageFiles.ReadFile("messages/" + language + ".txt")
	if err != nil {
		return nil, fmt.Errorf("no messages in language %q; there are: %s", language, strings.Join(Languages(), " "))
	}
	lines, err := splitLines(string(text))
	if err != nil {
		return nil, fmt.Errorf("messages %s: %w", language, err)
	}
	c := &Catalogue{Language: language, messages: map[string]message{}}
	for len(lines) > 0 {
		below := children(lines)
		var m message
		for _, l := range below {
			switch l.word(0) {
			case "says":
				m.says = l.word(1)
			case "fix":
				m.fix = l.word(1)
			default:
				return nil, fmt.Errorf("messages %s: %w", language, l.errorf("%q is neither says nor fix", l.word(0)))
			}
		}
		c.messages[lines[0].word(0)] = m
		lines = lines[1+len(below):]
	}
	return c, nil
}

// Message says what is wrong.
func (c *Catalogue) Message(f *edi.Finding) string {
	m, ok := c.find(f.ID)
	if !ok {
		return f.ID
	}
	return c.fill(m.says, f)
}

// Remedy says what to do about it, "" if there is nothing to say.
func (c *Catalogue) Remedy(f *edi.Finding) string {
	m, _ := c.find(f.ID)
	return c.fill(m.fix, f)
}

// find looks for the id, and for its end without the standard at its beginning,
// since most rules are the same in all of them.
func (c *Catalogue) find(id string) (message, bool) {
	_, rule, _ := strings.Cut(id, ".")
	for ; c != nil; c = c.fallback {
		if m, ok := c.messages[id]; ok {
			return m, true
		}
		if m, ok := c.messages[rule]; ok {
			return m, true
		}
	}
	return message{}, false
}

// fill puts a finding's values into a sentence, in place of words in braces.
func (c *Catalogue) fill(s string, f *edi.Finding) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(s, "{")
		b.WriteString(text)
		if !found {
			return b.String()
		}
		var word string
		word, s, _ = strings.Cut(rest, "}")
		b.WriteString(c.insert(word, f))
	}
}

func (c *Catalogue) insert(word string, f *edi.Finding) string {
	switch word {
	case "place":
		return placeOf(f)
	case "name":
		if f.Name == "" {
			return shown(f.Path.Tag)
		}
		return f.Name
	case "value":
		return quoted(f.Value)
	case "expected":
		return c.expected(f)
	case "rule":
		return f.Rule
	case "loop":
		return f.LoopID
	case "tag":
		return shown(f.Path.Tag)
	case "length":
		return strconv.Itoa(f.Length)
	}
	return "{" + word + "}"
}

// expected translates the one word that stands in what is expected: "SE before ST".
func (c *Catalogue) expected(f *edi.Finding) string {
	what, where, found := strings.Cut(f.Expected, " before ")
	if !found {
		return shown(f.Expected)
	}
	word, _ := c.find("word.before")
	return shown(what) + " " + word.says + " " + shown(where)
}

// placeOf is the segment and element as the trade writes them: N104, UIT01-2.
func placeOf(f *edi.Finding) string {
	place := shown(f.Path.Tag)
	if f.Path.Element > 0 {
		place = fmt.Sprintf("%s%02d", place, f.Path.Element)
	}
	if f.Path.Component > 0 {
		place += "-" + strconv.Itoa(f.Path.Component)
	}
	return place
}

func quoted(v string) string { return `"` + shown(v) + `"` }
