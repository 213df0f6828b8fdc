package schema

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"reflect"

	"github.com/google/uuid"
)

// ID identifies a record for ever and everywhere: a UUID of version 7 (RFC
// 9562, 5.7), so that ids made one after another lie together in an index.
// The zero ID stands for "none".
type ID [16]byte

// NewID makes an ID. Ids made by one process ascend.
func NewID() ID { return ID(uuid.Must(uuid.NewV7())) }

// ParseID reads the 36-character form with hyphens, in lower or upper case.
func ParseID(s string) (ID, error) {
	if len(s) != 36 {
		return ID{}, fmt.Errorf("id %q: want 36 characters in the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", s)
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return ID{}, fmt.Errorf("id %q: %w", s, err)
	}
	return ID(u), nil
}

// IsZero tells whether id stands for "none".
func (id ID) IsZero() bool { return id == ID{} }

// String gives the 36-character form in lower case.
func (id ID) String() string {
	var b [36]byte
	id.append(b[:0])
	return string(b[:])
}

func (id ID) append(b []byte) []byte {
	b = hex.AppendEncode(b, id[0:4])
	for _, part := range [][]byte{id[4:6], id[6:8], id[8:10], id[10:16]} {
		b = append(b, '-')
		b = hex.AppendEncode(b, part)
	}
	return b
}

// MarshalText implements [encoding.TextMarshaler].
func (id ID) MarshalText() ([]byte, error) { return id.append(nil), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *ID) UnmarshalText(b []byte) (err error) {
	*id, err = ParseID(string(b))
	return err
}

// Value implements [driver.Valuer]; the zero ID is NULL.
func (id ID) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id.String(), nil
}

// Scan implements [database/sql.Scanner]; NULL is the zero ID.
func (id *ID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ID{}
		return nil
	case string:
		return id.UnmarshalText([]byte(v))
	case []byte:
		return id.UnmarshalText(v)
	case [16]byte:
		*id = v
		return nil
	}
	return fmt.Errorf("scan id: unexpected %T", src)
}

// Ref is the id of a record of kind T. It says nothing about whether that
// record is here or may be seen: it may live at another node, or have been
// withdrawn.
type Ref[T any] [16]byte

// FirmID identifies a firm: the id of its record, minted by its own node and
// bound there to its signing key.
type FirmID = Ref[Firm]

// ID gives the bare id.
func (r Ref[T]) ID() ID { return ID(r) }

// IsZero tells whether r refers to nothing.
func (r Ref[T]) IsZero() bool { return ID(r).IsZero() }

// String gives the 36-character form.
func (r Ref[T]) String() string { return ID(r).String() }

// MarshalText implements [encoding.TextMarshaler].
func (r Ref[T]) MarshalText() ([]byte, error) { return ID(r).MarshalText() }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *Ref[T]) UnmarshalText(b []byte) error { return (*ID)(r).UnmarshalText(b) }

// Value implements [driver.Valuer]; the zero Ref is NULL.
func (r Ref[T]) Value() (driver.Value, error) { return ID(r).Value() }

// Scan implements [database/sql.Scanner]; NULL is the zero Ref.
func (r *Ref[T]) Scan(src any) error { return (*ID)(r).Scan(src) }

func (Ref[T]) target() reflect.Type { return reflect.TypeFor[T]() }

type reference interface{ target() reflect.Type }
