package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// printList writes a list: as one JSON value, or for people as a table whose
// columns are as wide as they need to be. row gives the cells of a line.
func printList[T any](w io.Writer, asJSON bool, list []T, header []string, row func(T) []any) error {
	if asJSON {
		if list == nil {
			list = []T{} // a list without lines is a list too
		}
		return json.NewEncoder(w).Encode(list)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(header, "\t"))
	for _, one := range list {
		cells := row(one)
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = cell(fmt.Sprint(c))
		}
		fmt.Fprintln(t, strings.TrimRight(strings.Join(texts, "\t"), "\t"))
	}
	return t.Flush()
}

// cell keeps a text within its cell and its line.
func cell(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
