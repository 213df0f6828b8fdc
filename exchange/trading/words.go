package trading

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/mapping"
	"fondaco/policy"
	"fondaco/schema"
)

// wordFiles say in other languages than English what findings of trading and of
// the maps are about, and what to do.
//
//go:embed messages/*.json
var wordFiles embed.FS

// sentences are the words for findings by their ids: what is wrong, and what to
// do about it.
type sentences map[string][2]string

var translations = sync.OnceValues(func() (map[string]sentences, error) {
	all := map[string]sentences{}
	files, err := wordFiles.ReadDir("messages")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := wordFiles.ReadFile("messages/" + f.Name())
		if err != nil {
			return nil, err
		}
		list := sentences{}
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		all[strings.TrimSuffix(f.Name(), path.Ext(f.Name()))] = list
	}
	return all, nil
})

// words says findings in one language.
type words struct {
	rules *guide.Catalogue
	own   sentences
}

func wordsOf(language string) (*words, error) {
	if !slices.Contains(guide.Languages(), language) {
		return nil, &schema.Error{
			Code: schema.CodeInvalid, Op: "say findings", Field: "language",
			Message: fmt.Sprintf("there are no texts in language %q; there are: %s", language, strings.Join(guide.Languages(), " ")),
		}
	}
	rules, err := guide.Messages(language)
	if err != nil {
		return nil, err
	}
	all, err := translations()
	if err != nil {
		return nil, err
	}
	return &words{rules, all[language]}, nil
}

// say gives what a finding is about, and what to do. What a language lacks is
// said in English.
func (w *words) say(f *edi.Finding) (says, remedy string) {
	if m, known := w.own[f.ID]; known {
		return filled(m, f)
	}
	if says, remedy, known := mapping.Message(f); known {
		return says, remedy
	}
	if m, known := messages[f.ID]; known {
		return filled(m, f)
	}
	return w.rules.Message(f), w.rules.Remedy(f)
}

func filled(m [2]string, f *edi.Finding) (says, remedy string) {
	return strings.NewReplacer("{value}", f.Value, "{rule}", f.Rule).Replace(m[0]), m[1]
}

// again gives back the finding of which this one tells, as far as words need it.
func (t *finding) again() *edi.Finding {
	return &edi.Finding{
		ID: t.ID, Name: t.Name, Value: t.Found, Expected: t.Expected, Rule: t.Rule, LoopID: t.Loop, Length: t.Length,
		Path: edi.Path{Tag: t.Segment, Element: t.Element, Component: t.Component},
	}
}

// told is a finding in words.
type told struct {
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
}

// maxWords is how long a list of findings may be, in bytes, that is said in
// another language: that of one record has maxFindings, with short texts.
const maxWords = 4 << 20

// serveWords says findings, as records keep them, in another language. It is
// given them by who has read them, and reads nothing.
func (s *Service) serveWords(w http.ResponseWriter, r *http.Request) {
	if _, ok := policy.From(r.Context()); !ok {
		s.fail(w, r, errSession)
		return
	}
	in, err := wordsOf(r.URL.Query().Get("language"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var list []finding
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxWords)).Decode(&list); err != nil {
		s.fail(w, r, &schema.Error{Code: schema.CodeInvalid, Op: "say findings", Message: "send a list of findings, as records have them", Err: err})
		return
	}
	texts := make([]told, len(list))
	for i := range list {
		texts[i].Message, texts[i].Remedy = in.say(list[i].again())
	}
	answerJSON(w, http.StatusOK, map[string]any{"texts": texts})
}
