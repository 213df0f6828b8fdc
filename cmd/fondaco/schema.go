package main

import (
	"fmt"

	"fondaco/gateway/sdl"
)

type schemaCommand struct {
	Print schemaPrint `cmd:"" help:"Print the GraphQL schema in its own language."`
}

type schemaPrint struct{}

// Run prints the schema.
func (schemaPrint) Run(c console) error {
	_, err := fmt.Fprint(c.out, sdl.Text())
	return err
}
