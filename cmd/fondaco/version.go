package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
)

type versionCommand struct {
	JSON bool `help:"Write JSON."`
}

// Run tells the version.
func (v *versionCommand) Run(c console) error {
	if v.JSON {
		return json.NewEncoder(c.out).Encode(map[string]string{"version": version()})
	}
	_, err := fmt.Fprintln(c.out, "fondaco "+version())
	return err
}

// version is that of the module, or of the commit from which it was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel " + s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}
