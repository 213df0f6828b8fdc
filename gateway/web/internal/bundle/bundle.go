package bundle

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"fondaco/gateway/web/internal/operations"

	"github.com/evanw/esbuild/pkg/api"
)

// Sources gives the generated sources by their path below root, the folder of
// package web; sdl is the text of the schema.
func Sources(root, sdl string) (map[string][]byte, error) {
	set, err := operations.Load(sdl, os.DirFS(filepath.Join(root, "app", "operations")))
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{"app/kinds.gen.ts": kinds(), "app/facts.gen.ts": facts()}
	for name, text := range set.TypeScript() {
		out["app/operations/"+name] = text
	}
	return out, nil
}

// Build gives the files of the folder dist by name, each text with its .gz
// beside it. The generated sources must be there.
func Build(root string) (map[string][]byte, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	result := api.Build(options(root))
	if err := failures(result.Errors); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, f := range result.OutputFiles {
		out["assets/"+filepath.Base(f.Path)] = f.Contents
	}
	page, err := page(root, result.Metafile)
	if err != nil {
		return nil, err
	}
	out["index.html"] = page
	for _, name := range []string{"icon.svg", "app.webmanifest"} {
		if out[name], err = os.ReadFile(filepath.Join(root, "app", name)); err != nil {
			return nil, err
		}
	}
	if out["licenses.txt"], err = licences(filepath.Join(root, "npm")); err != nil {
		return nil, err
	}
	return compressed(out)
}

// Tests gives the tests of the app's modules as one script for a browser.
func Tests(root string) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	o := options(root)
	o.EntryPoints = []string{"app/tests/main.ts"}
	o.EntryNames, o.Splitting, o.Format = "tests", false, api.FormatIIFE
	result := api.Build(o)
	if err := failures(result.Errors); err != nil {
		return "", err
	}
	return string(result.OutputFiles[0].Contents), nil
}

func failures(list []api.Message) error {
	var errs []error
	for _, text := range api.FormatMessages(list, api.FormatMessagesOptions{}) {
		errs = append(errs, errors.New(strings.TrimSpace(text)))
	}
	return errors.Join(errs...)
}

func options(root string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir: root,
		EntryPoints:   []string{"app/main.tsx", "app/style/main.css"},
		Outdir:        filepath.Join(root, "dist", "assets"),
		EntryNames:    "[name]-[hash]", ChunkNames: "[name]-[hash]", AssetNames: "[name]-[hash]",
		Bundle: true, Splitting: true, Format: api.FormatESModule, Platform: api.PlatformBrowser,
		Target: api.ES2022, Charset: api.CharsetUTF8, Metafile: true, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		JSX: api.JSXAutomatic, JSXImportSource: "preact",
		Define:    map[string]string{"process.env.NODE_ENV": `"production"`},
		NodePaths: []string{filepath.Join(root, "npm")},
		// The runtime needs nothing from a package manager's folder that may lie around.
		TsconfigRaw: `{"compilerOptions":{"jsx":"react-jsx","jsxImportSource":"preact","useDefineForClassFields":true}}`,
	}
}

// First lists the sources, below root, of what a browser fetches before the
// first screen.
func First(root string) ([]string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	result := api.Build(options(root))
	if err := failures(result.Errors); err != nil {
		return nil, err
	}
	m, err := read(result.Metafile)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, name := range append(static(m.Outputs, m.program, nil), m.program) {
		list = slices.AppendSeq(list, maps.Keys(m.Outputs[name].Inputs))
	}
	slices.Sort(list)
	return list, nil
}

// meta is what we need of esbuild's description of its work.
type meta struct {
	Outputs        map[string]output `json:"outputs"`
	style, program string
}

type output struct {
	EntryPoint string `json:"entryPoint"`
	Imports    []struct {
		Path, Kind string
	} `json:"imports"`
	Inputs map[string]struct{} `json:"inputs"`
}

func read(metafile string) (*meta, error) {
	var m meta
	if err := json.Unmarshal([]byte(metafile), &m); err != nil {
		return nil, fmt.Errorf("description of the build: %w", err)
	}
	for name, o := range m.Outputs {
		switch o.EntryPoint {
		case "app/main.tsx":
			m.program = name
		case "app/style/main.css":
			m.style = name
		}
	}
	return &m, nil
}

// page is index.html with the names of this build: the style, the program,
// and what the program imports at once, so that all load side by side.
func page(root, metafile string) ([]byte, error) {
	m, err := read(metafile)
	if err != nil {
		return nil, err
	}
	var links strings.Builder
	for _, name := range static(m.Outputs, m.program, nil) {
		fmt.Fprintf(&links, "<link rel=\"modulepreload\" href=\"/assets/%s\">\n", path.Base(name))
	}
	text, err := os.ReadFile(filepath.Join(root, "app", "index.html"))
	if err != nil {
		return nil, err
	}
	return []byte(strings.NewReplacer(
		"{{style}}", "/assets/"+path.Base(m.style), "{{program}}", "/assets/"+path.Base(m.program), "{{preload}}\n", links.String(),
	).Replace(string(text))), nil
}

// static lists what a file imports at once, directly or not, in order.
func static(outputs map[string]output, name string, have []string) []string {
	for _, i := range outputs[name].Imports {
		if i.Kind == "import-statement" && !slices.Contains(have, i.Path) {
			have = static(outputs, i.Path, append(have, i.Path))
		}
	}
	return have
}

// licences is the licence of each package in the bundle, which all want to
// travel with it.
func licences(npm string) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprint(&out, "The web application contains the following packages.\n")
	for _, pattern := range []string{"*/LICENSE*", "@*/*/LICENSE*"} {
		names, err := filepath.Glob(filepath.Join(npm, pattern))
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			rel, err := filepath.Rel(npm, filepath.Dir(name))
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&out, "\n== %s\n\n%s\n", filepath.ToSlash(rel), bytes.TrimSpace(text))
		}
	}
	return out.Bytes(), nil
}

func compressed(files map[string][]byte) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, text := range files {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(text); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		all[name], all[name+".gz"] = text, b.Bytes()
	}
	return all, nil
}
