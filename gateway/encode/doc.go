// Package encode writes values as JSON straight from PostgreSQL's binary
// format, without making Go values of them in between.
//
// [Value] is the one switch over schema.FieldType of this door; the Append
// functions beside it write single scalars. All append to a slice and return
// it, and all write valid JSON whatever the bytes: what cannot be read, as a
// cell that was cut or a timestamp of infinity, becomes null.
//
// The forms are those of the API's scalars: decimals and 64-bit numbers are
// strings, so that no client rounds them; instants are RFC 3339 in UTC; ids
// are global ids.
package encode
