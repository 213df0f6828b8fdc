package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

type configCommand struct {
	Explain configExplain `cmd:"" help:"List the settings of 'serve': value, source, default and meaning."`
}

type configExplain struct {
	JSON bool `help:"Write JSON."`
}

// setting is one line of the list.
type setting struct {
	Name    string `json:"name"`
	Flag    string `json:"flag"`
	Value   string `json:"value"`
	Source  string `json:"source"`
	Default string `json:"default"`
	Help    string `json:"help"`
}

// Run lists the settings.
func (e *configExplain) Run(c console, parser *kong.Kong, s *settings) error {
	list := explain(parser, s)
	if e.JSON {
		return json.NewEncoder(c.out).Encode(list)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SETTING\tVALUE\tSOURCE\tMEANING")
	for _, l := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Name, l.Value, l.Source, l.Help)
	}
	return w.Flush()
}

func explain(parser *kong.Kong, s *settings) []setting {
	var list []setting
	for _, command := range parser.Model.Children {
		if command.Name != "serve" {
			continue
		}
		for _, f := range command.Flags {
			if len(f.Envs) > 0 {
				list = append(list, s.explain(f))
			}
		}
	}
	return list
}

func (s *settings) explain(f *kong.Flag) setting {
	line := setting{Name: f.Envs[0], Flag: "--" + f.Name, Value: f.Default, Source: "default", Default: f.Default, Help: f.Help}
	for _, name := range f.Envs {
		value, set := os.LookupEnv(name)
		if !set {
			continue
		}
		line.Value, line.Source = value, "environment "+name
		if s.fromFile[name] {
			line.Source = "file " + s.file
		}
		break
	}
	if line.Name == "FONDACO_DATABASE_URL" {
		line.Value = withoutPassword(line.Value)
	}
	return line
}
