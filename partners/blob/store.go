// Package blob keeps the bodies of documents as files.
//
// A body lies under the firm that holds it and its SHA-256:
// <root>/<firm>/<first two digits>/<sha256>. It is written to a file of its
// own beside the others, made durable, and only then given its name, so that
// a name always has all its bytes. Two firms never share a file: that would
// tell one that the other has it.
package blob

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrTooLarge tells that a body has more bytes than allowed.
var ErrTooLarge = errors.New("the body is larger than allowed")

// Store keeps bodies below a folder. Its methods are safe for concurrent use.
type Store struct{ root *os.Root }

// Open opens a store below dir, and makes the folder if need be.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of documents: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of documents: %w", err)
	}
	if err := root.MkdirAll(incoming, 0o700); err != nil {
		return nil, fmt.Errorf("folder of documents: %w", err)
	}
	return &Store{root}, nil
}

const incoming = "incoming"

// Close releases the folder.
func (s *Store) Close() error { return s.root.Close() }

// Put reads a body to its end and keeps it for the firm. It is durable when
// Put returns. A body of more than limit bytes is ErrTooLarge, and nothing is
// kept. Head has the first bytes, at most 3072, for finding the media type.
func (s *Store) Put(firm string, r io.Reader, limit int64) (sum string, size int64, head []byte, err error) {
	name := filepath.Join(incoming, rand.Text())
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, nil, fmt.Errorf("store body: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreMissing(s.root.Remove(name))) }()
	hash, first := sha256.New(), &headWriter{}
	size, err = io.Copy(io.MultiWriter(f, hash, first), io.LimitReader(r, limit+1))
	if err == nil && size > limit {
		err = ErrTooLarge
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, nil, fmt.Errorf("store body: %w", err)
	}
	sum = digits(hash)
	return sum, size, first.b, s.settle(name, firm, sum)
}

// settle gives the bytes their name and makes the name durable.
func (s *Store) settle(name, firm, sum string) error {
	dir := filepath.Dir(place(firm, sum))
	if err := s.root.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("store body: %w", err)
	}
	if err := s.root.Rename(name, place(firm, sum)); err != nil {
		return fmt.Errorf("store body: %w", err)
	}
	for _, d := range []string{dir, filepath.Dir(dir), "."} {
		if err := s.sync(d); err != nil {
			return fmt.Errorf("store body: %w", err)
		}
	}
	return nil
}

func (s *Store) sync(dir string) error {
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens a body to read. An absent one is [fs.ErrNotExist].
func (s *Store) Open(firm, sum string) (*os.File, error) { return s.root.Open(place(firm, sum)) }

// Remove deletes a body; one that is absent is no error.
func (s *Store) Remove(firm, sum string) error { return ignoreMissing(s.root.Remove(place(firm, sum))) }

// Has tells whether the firm holds the body.
func (s *Store) Has(firm, sum string) bool {
	_, err := s.root.Stat(place(firm, sum))
	return err == nil
}

func place(firm, sum string) string { return filepath.Join(firm, sum[:2], sum) }

func digits(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

const headSize = 3072

// headWriter keeps the first bytes written to it.
type headWriter struct{ b []byte }

func (h *headWriter) Write(p []byte) (int, error) {
	h.b = append(h.b, p[:min(len(p), headSize-len(h.b))]...)
	return len(p), nil
}
