// Command generate writes the web app's generated sources and its dist folder.
// It runs in the folder of package web.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"fondaco/gateway/web/internal/bundle"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	sdl, err := os.ReadFile("../testdata/schema.graphql")
	if err != nil {
		return err
	}
	sources, err := bundle.Sources(".", string(sdl))
	if err != nil {
		return err
	}
	if err := write(".", sources); err != nil {
		return err
	}
	dist, err := bundle.Build(".")
	if err != nil {
		return err
	}
	if err := os.RemoveAll("dist"); err != nil {
		return err
	}
	return write("dist", dist)
}

func write(dir string, files map[string][]byte) error {
	for name, text := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return fmt.Errorf("write generated file: %w", err)
		}
	}
	return nil
}
