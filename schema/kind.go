package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Kind describes one kind of record: its names and its fields. Kinds are
// made at start by define and never change.
type Kind struct {
	Name   string // Customer
	Field  string // customer: the name of one in the API
	Plural string // customers: the name of many in the API
	Table  string // customers: the table
	Fields []*Field
	Place  int // in Kinds, from 0; for tables indexed by kind
	// Label is the text field by which people know a record; lists are ordered by it unless said otherwise.
	Label *Field
	// Parent is the Link to the record that this one belongs to, or nil.
	Parent *Field
	// HasAudience is set for kinds that embed Audience, HasAddress for those that embed Addressed.
	HasAudience, HasAddress bool
	// Lifecycle tells which states follow which, or is nil.
	Lifecycle *Lifecycle
	// Private kinds concern the firm alone: no agreement can share them.
	Private bool
	// ReadOnly kinds are written by rules of the service alone, never by a client.
	ReadOnly bool

	typ    reflect.Type
	byName map[string]*Field
}

var (
	kinds  []*Kind
	byType = map[reflect.Type]*Kind{}
	byKind = map[string]*Kind{}
)

// Kinds lists all kinds, in the order of their names.
func Kinds() []*Kind { return kinds }

// KindNamed gives the kind with this name, such as "Customer", or nil.
func KindNamed(name string) *Kind { return byKind[name] }

// KindOf gives the kind of an entity.
func KindOf(e Entity) *Kind { return byType[reflect.TypeOf(e).Elem()] }

// New gives an empty entity of the kind, a pointer to its struct.
func (k *Kind) New() Entity {
	e, _ := k.newEntity()
	return e
}

func (k *Kind) newEntity() (Entity, bool) {
	return reflect.TypeAssert[Entity](reflect.New(k.typ))
}

// FieldNamed gives the field with this API name, or nil.
func (k *Kind) FieldNamed(name string) *Field { return k.byName[name] }

// String gives the kind's name.
func (k *Kind) String() string { return k.Name }

// FieldsOf gives the mask of the fields in the classes.
func (k *Kind) FieldsOf(classes ...Class) Mask {
	var m Mask
	for _, f := range k.Fields {
		if slices.Contains(classes, f.Class) {
			m = m.With(f.Bit)
		}
	}
	return m
}

// Every gives the mask of all the kind's fields.
func (k *Kind) Every() Mask {
	return 1<<len(k.Fields) - 1
}

// Children lists the kinds whose parent is of this kind.
func (k *Kind) Children() []*Kind {
	var list []*Kind
	for _, c := range kinds {
		if c.Parent != nil && c.Parent.Target() == k {
			list = append(list, c)
		}
	}
	return list
}

// An option states a fact about a whole kind.
type option func(*Kind)

func private(k *Kind)  { k.Private = true }
func readOnly(k *Kind) { k.ReadOnly = true }

func lifecycle(l *Lifecycle) option { return func(k *Kind) { k.Lifecycle = l } }

// define registers the kind whose records are T, listed in the API under
// plural. A mistake in T is a mistake of a programmer: it panics at start,
// with kind and field named.
func define[T any](plural string, options ...option) *Kind {
	t := reflect.TypeFor[T]()
	k := &Kind{
		Name: t.Name(), Field: apiName(t.Name()), Plural: plural,
		Table: columnName(strings.ToUpper(plural[:1]) + plural[1:]),
		typ:   t, byName: map[string]*Field{},
	}
	if _, ok := k.newEntity(); !ok {
		panic(fmt.Sprintf("schema: %s does not embed Record", k.Name))
	}
	if byKind[k.Name] != nil || slices.ContainsFunc(kinds, func(other *Kind) bool { return other.Plural == plural }) {
		panic(fmt.Sprintf("schema: %s, or its plural %s, is registered twice", k.Name, plural))
	}
	k.collect(t, nil)
	for _, o := range options {
		o(k)
	}
	if l := k.Lifecycle; l != nil {
		k.checkLifecycle(l)
	}
	if len(k.Fields) > 63 {
		panic(fmt.Sprintf("schema: %s has %d fields; a mask holds 63", k.Name, len(k.Fields)))
	}
	kinds = append(kinds, k)
	slices.SortFunc(kinds, func(a, b *Kind) int { return strings.Compare(a.Name, b.Name) })
	for i, one := range kinds {
		one.Place = i
	}
	byType[t], byKind[k.Name] = k, k
	return k
}

// checkLifecycle refuses states and fields that the kind does not have.
func (k *Kind) checkLifecycle(l *Lifecycle) {
	f := k.byName[l.Field]
	if f == nil || f.Type != Enum {
		panic(fmt.Sprintf("schema: %s: the lifecycle's field %q is no enum of the kind", k.Name, l.Field))
	}
	for _, state := range l.states() {
		if !slices.Contains(f.Enum, state) {
			panic(fmt.Sprintf("schema: %s: the lifecycle's state %q is no %s", k.Name, state, f.EnumName()))
		}
	}
	for state, editable := range l.Editable {
		for _, name := range editable {
			if k.byName[name] == nil {
				panic(fmt.Sprintf("schema: %s: %q, editable in state %s, is no field of the kind", k.Name, name, state))
			}
		}
	}
}

// collect takes the fields of t; those of an embedded struct stand where it
// is embedded, and the header is left out.
func (k *Kind) collect(t reflect.Type, path []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(slices.Clone(path), i)
		if sf.Anonymous {
			k.embed(sf.Type, index)
			continue
		}
		f := &Field{
			Kind: k, GoName: sf.Name, Name: apiName(sf.Name), Column: columnName(sf.Name),
			Bit: len(k.Fields), Class: Basic, Max: 200, index: index,
		}
		if err := f.classify(sf.Type); err != nil {
			panic(fmt.Sprintf("schema: %s.%s: %v", k.Name, sf.Name, err))
		}
		k.state(f, sf.Tag.Get("fact"))
		if k.byName[f.Name] != nil {
			panic(fmt.Sprintf("schema: %s has two fields named %s", k.Name, f.Name))
		}
		k.Fields = append(k.Fields, f)
		k.byName[f.Name] = f
	}
}

func (k *Kind) embed(t reflect.Type, index []int) {
	switch t {
	case reflect.TypeFor[Record]():
		return
	case reflect.TypeFor[Audience]():
		k.HasAudience = true
	case reflect.TypeFor[Addressed]():
		k.HasAddress = true
	}
	k.collect(t, index)
}

// state reads the facts of a field, such as "required,max=200,class=personal".
func (k *Kind) state(f *Field, facts string) {
	for fact := range strings.SplitSeq(facts, ",") {
		name, value, _ := strings.Cut(fact, "=")
		switch name {
		case "":
		case "required":
			f.Required = true
		case "frozen":
			f.Frozen = true
		case "system":
			f.System = true
		case "search":
			f.Search = true
		case "sort":
			f.Sort = true
		case "filter":
			f.Filter = true
		case "long":
			f.Long, f.Max = true, 100_000
		case "label":
			f.Required, f.Search, f.Sort, f.Filter, k.Label = true, true, true, true, f
		case "parent":
			f.Parent, f.Frozen, f.Filter, k.Parent = true, true, true, f
		case "class":
			f.Class = Class(value)
			if !slices.Contains(Classes(), f.Class) {
				panic(fmt.Sprintf("schema: %s: unknown class %q", f, value))
			}
		case "max":
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(fmt.Sprintf("schema: %s: max=%s is not a number", f, value))
			}
			f.Max = n
		default:
			panic(fmt.Sprintf("schema: %s: unknown fact %q", f, fact))
		}
	}
	// Order by a field that some viewer may not see would tell what it holds.
	if f.Sort && f.Class != Basic {
		panic(fmt.Sprintf("schema: %s: only a basic field can be sorted by", f))
	}
}
