package trading

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/schema"
)

// store keeps the bytes of files received, below one folder:
// staging/<random> while they stream in, receipts/<two digits>/<id> after.
type store struct{ root *os.Root }

const (
	staging  = "staging"
	receipts = "receipts"
)

func openStore(dir string) (*store, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of trading: %w", err)
	}
	for _, sub := range []string{staging, receipts} {
		if err := root.MkdirAll(sub, 0o700); err != nil {
			return nil, errors.Join(fmt.Errorf("folder of trading: %w", err), root.Close())
		}
	}
	return &store{root}, nil
}

func (s *store) close() error { return s.root.Close() }

// node is a name for this folder, made once.
func (s *store) node() (string, error) {
	text, err := s.root.ReadFile("node")
	if err == nil && len(text) > 0 {
		return string(text), nil
	}
	name := rand.Text()
	if err := s.root.WriteFile("node", []byte(name), 0o600); err != nil {
		return "", fmt.Errorf("folder of trading: %w", err)
	}
	return name, nil
}

// errTooLarge tells that a file has more bytes than allowed.
var errTooLarge = errors.New("the file is larger than allowed")

// staged is a file that is durable and has no receipt yet.
type staged struct {
	name   string
	sha256 string
	size   int64
}

// stage reads a file to its end. Nothing is left of one that breaks off.
func (s *store) stage(r io.Reader, limit int64) (staged, error) {
	name := path.Join(staging, rand.Text())
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return staged{}, fmt.Errorf("keep file: %w", err)
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, limit+1))
	if err == nil && size > limit {
		err = errTooLarge
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return staged{}, errors.Join(fmt.Errorf("keep file: %w", err), s.drop(name))
	}
	return staged{name, hex.EncodeToString(sum.Sum(nil)), size}, nil
}

// settle gives a staged file its lasting name and makes that durable.
func (s *store) settle(st staged, id schema.ID) (string, error) {
	place := placeOf(id)
	if err := s.root.MkdirAll(path.Dir(place), 0o700); err != nil {
		return "", fmt.Errorf("keep file: %w", err)
	}
	if err := s.root.Rename(st.name, place); err != nil {
		return "", fmt.Errorf("keep file: %w", err)
	}
	for _, dir := range []string{path.Dir(place), receipts} {
		if err := s.sync(dir); err != nil {
			return "", fmt.Errorf("keep file: %w", err)
		}
	}
	return place, nil
}

func placeOf(id schema.ID) string {
	text := id.String()
	return path.Join(receipts, text[len(text)-2:], text)
}

func (s *store) sync(dir string) error {
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s *store) drop(name string) error {
	if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// read gives the bytes of a receipt, and an error if they are not those that
// were received.
func (s *store) read(place, sum string) ([]byte, error) {
	data, err := s.root.ReadFile(place)
	if err != nil {
		return nil, fmt.Errorf("read the received file: %w", err)
	}
	if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
		return nil, fmt.Errorf("the received file %s was changed on disk: its SHA-256 is not %s; restore it from a backup", place, sum)
	}
	return data, nil
}

// sweep deletes files older than a moment that never got a receipt: uploads
// that a crash cut off before anybody was told that they were received.
func (s *store) sweep(ctx context.Context, pool *pgxpool.Pool, before time.Time) error {
	var old []string
	err := fs.WalkDir(s.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(name, staging+"/") && !strings.HasPrefix(name, receipts+"/") {
			return err
		}
		info, err := d.Info()
		if err == nil && info.ModTime().Before(before) {
			old = append(old, name)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look for leftover files: %w", err)
	}
	const statement = "SELECT name FROM unnest($1::text[]) AS name WHERE NOT EXISTS (SELECT FROM trading_receipts r WHERE r.path = name)"
	rows, err := pool.Query(ctx, statement, old)
	if err != nil {
		return fmt.Errorf("look for leftover files: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		if err := s.drop(name); err != nil {
			return err
		}
	}
	return rows.Err()
}
