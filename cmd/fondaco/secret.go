package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"fondaco/schema"
)

// A secret is made at the first run and kept in the data folder, for its
// owner alone to read. There are no default secrets.
func secret(data, name string) ([]byte, error) {
	path := filepath.Join(data, "secrets", name)
	text, err := os.ReadFile(path)
	if err == nil {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
		if err != nil || len(key) != 32 {
			return nil, fail(exitUsage, err, "%s is damaged: it holds 32 bytes in base64; restore it from a backup, or delete it to have a new one made", path)
		}
		return key, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails since Go 1.24
	return key, keep(path, base64.StdEncoding.EncodeToString(key)+"\n")
}

// keep writes a file for its owner alone, whole or not at all.
func keep(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return renameio.WriteFile(path, []byte(text), 0o600)
}

// nodeID is the id that this node gave itself at its first run.
func nodeID(data string) (schema.ID, error) {
	path := filepath.Join(data, "node-id")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		id := schema.NewID()
		return id, keep(path, id.String()+"\n")
	}
	if err != nil {
		return schema.ID{}, err
	}
	id, err := schema.ParseID(strings.TrimSpace(string(text)))
	if err != nil {
		return id, fmt.Errorf("%s: %w", path, err)
	}
	return id, nil
}
