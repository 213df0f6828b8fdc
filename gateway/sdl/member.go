package sdl

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"fondaco/schema"
)

// Role is what a member of a record's type stands for.
type Role uint8

// The roles.
const (
	RoleID         Role = iota + 1 // the global id
	RoleOwner                      // the firm that owns the record, as an object
	RoleOwnerID                    // that firm's global id
	RoleVersion                    // the version that this reader is told
	RoleCreatedAt                  // when the record was made
	RoleUpdatedAt                  // when what this reader sees was changed last
	RoleMasked                     // the names of the fields that are hidden from this reader
	RoleActions                    // the actions that the record's state allows
	RoleDownload                   // where the bytes of a document version can be fetched
	RoleValue                      // the value of Field
	RoleLink                       // the record that the Link Field names, as an object
	RoleLinkID                     // the global id of that record
	RoleConnection                 // the records of Kind whose Link Field names this one
)

// Member is a field of the GraphQL type of a kind.
type Member struct {
	Name  string
	Role  Role
	Field *schema.Field // with RoleValue, RoleLink, RoleLinkID and RoleConnection
	Kind  *schema.Kind  // the kind of a RoleLink's or RoleOwner's target, or of a RoleConnection's records
	doc   string
	typ   string
}

// Members lists the fields of the GraphQL type of k, in the order of their names.
func Members(k *schema.Kind) []*Member { return catalogue().list[k] }

// MemberNamed gives one of [Members] by its name, or nil.
func MemberNamed(k *schema.Kind, name string) *Member { return catalogue().byName[k][name] }

type members struct {
	list   map[*schema.Kind][]*Member
	byName map[*schema.Kind]map[string]*Member
}

var catalogue = sync.OnceValue(func() members {
	m := members{map[*schema.Kind][]*Member{}, map[*schema.Kind]map[string]*Member{}}
	for _, k := range schema.Kinds() {
		m.byName[k] = map[string]*Member{}
		m.list[k] = slices.Concat(header(k), values(k), connections(k))
		slices.SortFunc(m.list[k], func(a, b *Member) int { return strings.Compare(a.Name, b.Name) })
		for _, one := range m.list[k] {
			if m.byName[k][one.Name] != nil {
				panic(fmt.Sprintf("sdl: type %s would have two fields named %s", k, one.Name))
			}
			m.byName[k][one.Name] = one
		}
	}
	return m
})

// header lists what every record has beside its own fields.
func header(k *schema.Kind) []*Member {
	list := slices.Clone(recordMembers)
	if k.Lifecycle != nil {
		list = append(list, &Member{
			Name: "actions", Role: RoleActions, Field: k.FieldNamed(k.Lifecycle.Field), typ: "[" + actionEnum(k) + "!]!",
			doc: "What can be done with it in the state that it is in; whether the reader may, the policy tells when it is tried.",
		})
	}
	if k == schema.DocumentVersions {
		list = append(list, &Member{
			Name: "download", Role: RoleDownload, typ: "Download",
			doc: "Where the bytes can be fetched for a short while.",
		})
	}
	return list
}

// recordMembers are the fields of the interface Record.
var recordMembers = []*Member{
	{Name: "id", Role: RoleID, typ: "ID!", doc: "Global id, which never changes."},
	{Name: "owner", Role: RoleOwner, Kind: schema.Firms, typ: "Firm", doc: "The firm that owns the record, if the reader can see that firm."},
	{Name: "ownerId", Role: RoleOwnerID, typ: "ID!", doc: "Global id of the firm that owns the record."},
	{Name: "version", Role: RoleVersion, typ: "Int!", doc: "Counts the changes of what the reader can see of the record. It is given back as `expectedVersion`."},
	{Name: "createdAt", Role: RoleCreatedAt, typ: "DateTime!", doc: "When the record was made."},
	{Name: "updatedAt", Role: RoleUpdatedAt, typ: "DateTime!", doc: "When what the reader can see of the record was changed last."},
	{Name: "maskedFields", Role: RoleMasked, typ: "[String!]!", doc: "The names of the fields that are hidden from the reader. They read as null."},
}

func values(k *schema.Kind) []*Member {
	var list []*Member
	for _, f := range k.Fields {
		if f.Type != schema.Link {
			list = append(list, &Member{Name: f.Name, Role: RoleValue, Field: f, typ: outputType(f), doc: f.Doc()})
			continue
		}
		list = append(list,
			&Member{Name: f.Name, Role: RoleLink, Field: f, Kind: f.Target(), typ: f.Target().Name,
				doc: f.Doc() + " Null also when the reader cannot see that record."},
			&Member{Name: f.Name + "Id", Role: RoleLinkID, Field: f, typ: "ID",
				doc: fmt.Sprintf("Global id of `%s`. In a record of another firm it is null when the reader cannot see what it names.", f.Name)})
	}
	return list
}

// connections lists the kinds that name k by a Link by which lists can be
// filtered. A kind that links to itself, as a reply does, is reached by the
// filter of its list.
func connections(k *schema.Kind) []*Member {
	var list []*Member
	for _, child := range schema.Kinds() {
		for _, f := range child.Fields {
			if f.Type != schema.Link || !f.Filter || f.Target() != k || child == k {
				continue
			}
			list = append(list, &Member{
				Name: connectionName(k, child), Role: RoleConnection, Field: f, Kind: child, typ: child.Name + "Connection!",
				doc: fmt.Sprintf("The %s whose `%s` this is, as far as the reader can see them.", words(child.Plural), f.Name),
			})
		}
	}
	return list
}

// outputType is the GraphQL type in which a field's value is read. Every
// value may be hidden from a reader, so none is non-null.
func outputType(f *schema.Field) string {
	switch f.Type {
	case schema.Enum:
		return f.EnumName()
	case schema.EnumList:
		return "[" + f.EnumName() + "!]"
	case schema.TextList:
		return "[String!]"
	case schema.LinkList:
		return "[ID!]"
	case schema.Amount:
		return "Money"
	default:
		return scalarType(f)
	}
}

// inputType is the GraphQL type in which a field's value is written.
func inputType(f *schema.Field) string {
	if f.Type == schema.Amount {
		return "MoneyInput"
	}
	return outputType(f)
}

func scalarType(f *schema.Field) string {
	switch f.Type {
	case schema.Text:
		return "String"
	case schema.Bool:
		return "Boolean"
	case schema.Int:
		return "Long"
	case schema.Decimal:
		return "Decimal"
	case schema.Day:
		return "Date"
	case schema.Instant:
		return "DateTime"
	case schema.Link:
		return "ID"
	case schema.JSON:
		return "JSON"
	default:
		panic("sdl: no scalar for " + f.String())
	}
}
