package directory

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Limits against archives that are made to hurt.
const (
	maxDepth = 4
	maxFile  = 64 << 20
	maxTotal = 512 << 20
	maxFiles = 10_000
)

var errTooLarge = errors.New("the archive is larger than any directory")

// archive collects the texts of a ZIP file and of those inside.
type archive struct {
	texts []textFile
	total int64
	files int
}

// textFile is one text, its name in capital letters and without folders.
type textFile struct {
	name  string
	lines []string
}

func (a *archive) read(r io.ReaderAt, size int64, depth int) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if err := a.file(f, depth); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

func (a *archive) file(f *zip.File, depth int) error {
	name := strings.ToUpper(path.Base(strings.ReplaceAll(f.Name, `\`, "/")))
	nested := strings.HasSuffix(name, ".ZIP")
	if a.files++; a.files > maxFiles || f.UncompressedSize64 > maxFile || nested && depth == maxDepth {
		return errTooLarge
	}
	if !nested && !wanted(name) {
		return nil
	}
	body, err := f.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxFile+1))
	if err != nil {
		return err
	}
	if a.total += int64(len(data)); a.total > maxTotal || len(data) > maxFile {
		return errTooLarge
	}
	if nested {
		return a.read(bytes.NewReader(data), int64(len(data)), depth+1)
	}
	a.texts = append(a.texts, textFile{name, textLines(data)})
	return nil
}

// wanted tells the texts from programs, pictures and reports.
func wanted(name string) bool { return kindOf(name) != kindNone || isMessage(name) }

// textLines decodes a text and makes plus signs, hyphens and bars of its line
// drawing, as the newer directories write it.
func textLines(data []byte) []string {
	if !utf8.Valid(data) {
		data, _ = charmap.CodePage437.NewDecoder().Bytes(data)
	}
	text := strings.Map(func(r rune) rune {
		switch r {
		case '│', '┃', '║', '¦':
			return '|'
		case '─', '━', '═':
			return '-'
		case '┐', '┘', '┴', '┬', '┤', '├', '┼', '┌', '└', '╗', '╝', '╩':
			return '+'
		case '\r', '\f', '\x1a':
			return -1
		case '\t', '\u00a0':
			return ' '
		}
		return r
	}, string(data))
	return strings.Split(text, "\n")
}
