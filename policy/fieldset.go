package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"fondaco/schema"
)

//go:embed fieldsets.csv
var fieldSetText string

// FieldSet is a named set of fields of one kind, of a fixed version.
// Agreements and rules name it by kind and name. One that was released never
// changes, so that nobody comes to see a field that was not agreed on.
type FieldSet struct {
	Kind   *schema.Kind
	Name   string // with its version, such as "contact@1"
	Fields schema.Mask
}

// FieldSets lists the sets of fields of a kind.
func FieldSets(k *schema.Kind) []FieldSet { return slices.Clone(shippedSets()[k]) }

// shippedSets gives the sets that are part of the program, by kind. A mistake
// in them is a mistake of a programmer: it panics.
var shippedSets = sync.OnceValue(func() map[*schema.Kind][]FieldSet {
	sets, err := parseFieldSets(fieldSetText)
	if err != nil {
		panic("policy: fieldsets.csv:" + err.Error())
	}
	return sets
})

func parseFieldSets(text string) (map[*schema.Kind][]FieldSet, error) {
	sets := map[*schema.Kind][]FieldSet{}
	for i, raw := range strings.Split(text, "\n") {
		written := strings.TrimSpace(raw)
		if written == "" || strings.HasPrefix(written, "#") {
			continue
		}
		set, err := parseFieldSet(strings.Split(written, ","))
		if err == nil {
			err = follows(sets[set.Kind], set.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("%d: %w", i+1, err)
		}
		sets[set.Kind] = append(sets[set.Kind], set)
	}
	return sets, nil
}

func parseFieldSet(t []string) (FieldSet, error) {
	if len(t) != 3 {
		return FieldSet{}, fmt.Errorf("has %d entries: write kind, set@version, fields", len(t))
	}
	for i := range t {
		if t[i] = strings.Trim(t[i], " \t"); checkToken(t[i]) != nil {
			return FieldSet{}, checkToken(t[i])
		}
	}
	set := FieldSet{Kind: schema.KindNamed(t[0]), Name: t[1]}
	if set.Kind == nil {
		return set, fmt.Errorf("kind %q is not known: write the name of a kind", t[0])
	}
	for name := range strings.SplitSeq(t[2], "|") {
		f := set.Kind.FieldNamed(name)
		switch {
		case f == nil:
			return set, fmt.Errorf("%s has no field %q: write its name in the API", set.Kind, name)
		case f.Class == schema.Internal:
			return set, fmt.Errorf("field %s is internal: it leaves its firm in no set", f)
		case set.Fields.Has(f.Bit):
			return set, fmt.Errorf("field %s stands twice: name it once", f)
		}
		set.Fields = set.Fields.With(f.Bit)
	}
	return set, nil
}

// follows holds a set's name against those before it: versions count from 1.
func follows(before []FieldSet, name string) error {
	set, version, _ := strings.Cut(name, "@")
	n, err := strconv.Atoi(version)
	if err != nil || set == "" || strconv.Itoa(n) != version {
		return fmt.Errorf("set %q: write its name and version, such as contact@1", name)
	}
	last := 0
	for _, b := range before {
		if strings.HasPrefix(b.Name, set+"@") {
			last++
		}
	}
	if n != last+1 {
		return fmt.Errorf("set %q: the next version of it is %s@%d", name, set, last+1)
	}
	return nil
}

// fieldsNamed gives the fields of a kind that a rule means by a word: a class,
// a set, or * for all.
func fieldsNamed(k *schema.Kind, name string) schema.Mask {
	if name == every {
		return k.Every()
	}
	if slices.Contains(classNames, name) {
		return k.FieldsOf(schema.Class(name))
	}
	for _, set := range shippedSets()[k] {
		if set.Name == name {
			return set.Fields
		}
	}
	return 0
}

// setNames lists the names of the sets of a kind, for messages.
func setNames(k *schema.Kind) []string {
	var names []string
	for _, set := range shippedSets()[k] {
		names = append(names, set.Name)
	}
	return names
}
