package mapping

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fondaco/edi/guide"
)

// TestWhatIsCertainReadsBack holds what is said of a document without reading it
// against what is read of it. The records are drawn, with some of their values
// put where others belong.
func TestWhatIsCertainReadsBack(t *testing.T) {
	t.Parallel()
	everyMap(t, func(t *testing.T, m *Map) {
		words := vocabularyOf(m)
		drawn, certain := 0, 0
		rapid.Check(t, func(t *rapid.T) {
			o, _ := m.Decode(drawDocument(t, m))
			if rapid.Bool().Draw(t, "mixed up") {
				words.mixUp(t, m.rules, o)
			}
			drawn++
			if d := certainly(t, m, o); d != nil {
				certain++
				back, problems := m.Decode(d)
				if at := unsaid(m.rules, o, back); len(problems) > 0 || at != "" {
					t.Fatalf("certain, and not so at %s: %s reads back as %s (%v)\n%s", at, text(o), text(back), problems, d.Bytes())
				}
			}
		})
		if t.Logf("%d of %d certain", certain, drawn); drawn >= 100 && certain == 0 {
			t.Error("nothing is certain")
		}
	})
}

// mixUp puts into some fields what the map looks for in other elements of the
// same segment, or in the same element for other fields.
func (v vocabulary) mixUp(t *rapid.T, rules []*rule, o *Object) {
	for i := range o.Fields {
		f := &o.Fields[i]
		r := rules[ruleNamed(rules, f.Name)]
		if r.loop == nil && f.Text != "" && rapid.IntRange(0, 3).Draw(t, "other") == 0 {
			texts := []string{"Évora", "12\" rack \\ Łódź \u2028", "a+b:c'd?e"}
			for _, w := range v[r.place.path] {
				texts = append(texts, w.values...)
			}
			slices.Sort(texts)
			f.Text = rapid.SampledFrom(texts).Draw(t, "word")
		}
		if f.Object != nil {
			v.mixUp(t, r.rules, f.Object)
		}
		for _, one := range f.Objects {
			v.mixUp(t, r.rules, one)
		}
	}
}

// certainly writes a record, and gives the document if it is valid and certain.
func certainly(t *rapid.T, m *Map, o *Object) *Document {
	var f filler
	record := []byte(text(o))
	f.begin(m.draft(), record)
	defer m.drafts.Put(f.t)
	f.record(m)
	if f.object(0) != nil {
		return nil
	}
	w := newPen(m, delimiters(m.Guide))
	body, err := w.transaction(nil, f.t, []byte("0001"))
	if err != nil || w.doubtful {
		return nil
	}
	docs, _, err := Documents(bytes.NewReader(envelope(m.Guide, w.delims, body)), nil, guide.Options{Guide: m.Guide, RequireGuide: true})
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v of\n%s", len(docs), err, body)
	}
	if docs[0].Errors > 0 || !slices.Equal(m.paths(docs[0].root, nil), w.script) {
		return nil
	}
	var same Object // as it reads in canonical form
	if got, err := m.ReadJSON(record); err == nil {
		same = *got
	}
	*o = same
	return docs[0]
}

// paths are the paths of the segments between header and trailer.
func (m *Map) paths(r *round, all []uint16) []uint16 {
	for _, it := range r.items {
		switch {
		case it.sub != nil:
			all = m.paths(it.sub, all)
		case it.seg.use == nil:
			all = append(all, 0)
		case it.seg.tag() != "ST" && it.seg.tag() != "SE" && it.seg.tag() != "UNH" && it.seg.tag() != "UNT":
			all = append(all, m.pathOf[it.seg.use.Index])
		}
	}
	return all
}
