package mailbox

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// The folders of a mailbox.
const (
	In     = "in"
	Out    = "out"
	Errors = "err"
	work   = ".work"
)

// done marks a file that was taken.
const done = ".done"

// unfinished are the endings of names that programs give to files which they
// are still writing.
var unfinished = []string{done, ".part", ".partial", ".filepart", ".tmp", ".crdownload"}

// Folder is the mailbox of one trading partner. It is used by one goroutine.
type Folder struct {
	root   *os.Root
	stable time.Duration
	seen   map[string]stamp
}

// stamp is what a file looked like, and since when.
type stamp struct {
	size     int64
	modified time.Time
	since    time.Time
}

// Open opens a mailbox and makes its folders. A file is taken once it has not
// changed for the time stable.
func Open(dir string, stable time.Duration) (*Folder, error) {
	for _, sub := range []string{In, Out, Errors, work} {
		if err := os.MkdirAll(path.Join(dir, sub), 0o750); err != nil {
			return nil, fmt.Errorf("mailbox: %w", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	return &Folder{root: root, stable: stable, seen: map[string]stamp{}}, nil
}

// Close releases the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Claim is a file that nobody else takes any more.
type Claim struct {
	Key  string // of the delivery; the same after a crash
	Name string // that the partner gave it
}

// Claim claims the files that have rested, after those that were claimed
// before and not finished.
func (f *Folder) Claim(now time.Time) ([]Claim, error) {
	claims, err := f.claimed()
	if err != nil {
		return nil, err
	}
	files, err := f.list(In)
	if err != nil {
		return nil, err
	}
	seen := map[string]stamp{}
	for _, file := range files {
		look := stamp{file.Size(), file.ModTime(), now}
		before, known := f.seen[file.Name()]
		if known && before.size == look.size && before.modified.Equal(look.modified) {
			look.since = before.since
		}
		seen[file.Name()] = look
	}
	f.seen = seen
	for _, file := range files {
		if now.Sub(seen[file.Name()].since) < f.stable {
			continue
		}
		c := Claim{Key: rand.Text() + "-" + file.Name(), Name: file.Name()}
		if err := f.root.Rename(path.Join(In, c.Name), path.Join(work, c.Key)); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue // taken back meanwhile
			}
			return claims, fmt.Errorf("claim %s: %w", c.Name, err)
		}
		delete(seen, c.Name)
		claims = append(claims, c)
	}
	return claims, nil
}

// claimed lists what stands in .work.
func (f *Folder) claimed() ([]Claim, error) {
	files, err := f.list(work)
	if err != nil {
		return nil, err
	}
	var claims []Claim
	for _, file := range files {
		if _, name, ok := strings.Cut(file.Name(), "-"); ok {
			claims = append(claims, Claim{file.Name(), name})
		}
	}
	return claims, nil
}

// list gives the regular files of a folder that have bytes in them, without
// those that are being written or were taken.
func (f *Folder) list(folder string) ([]fs.FileInfo, error) {
	d, err := f.root.Open(folder)
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	entries, err := d.ReadDir(-1)
	if err = errors.Join(err, d.Close()); err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	var files []fs.FileInfo
	for _, e := range entries {
		if !e.Type().IsRegular() || folder == In && passOver(e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("mailbox: %w", err)
		}
		if info.Size() > 0 {
			files = append(files, info)
		}
	}
	return files, nil
}

func passOver(name string) bool {
	return name[0] == '.' || slices.ContainsFunc(unfinished, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) })
}

// Open opens a claimed file to read.
func (f *Folder) Open(c Claim) (*os.File, error) { return f.root.Open(path.Join(work, c.Key)) }

// Done gives a file that was taken back under the name <name>.done. To do so
// again changes nothing.
func (f *Folder) Done(c Claim) error { return f.leave(c, path.Join(In, c.Name+done)) }

// Refuse moves a file that cannot be taken to err/, with the reason beside it.
func (f *Folder) Refuse(c Claim, reason string) error {
	if err := f.Put(Errors, c.Name+".err.txt", []byte(reason)); err != nil {
		return err
	}
	return f.leave(c, path.Join(Errors, c.Name))
}

// leave renames a claimed file; an older file of that name stays.
func (f *Folder) leave(c Claim, to string) error {
	free := to
	for n := 2; ; n++ {
		if _, err := f.root.Lstat(free); errors.Is(err, fs.ErrNotExist) {
			break
		}
		ext := path.Ext(to)
		free = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(to, ext), n, ext)
	}
	err := f.root.Rename(path.Join(work, c.Key), free)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("give back %s: %w", c.Name, err)
	}
	return nil
}

// Put writes a file into a folder. Its name appears when all its bytes are
// there and durable; to put the same again changes nothing.
func (f *Folder) Put(folder, name string, data []byte) error {
	name = path.Base(path.Clean("/" + name))
	temporary := path.Join(work, "put"+rand.Text())
	file, err := f.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = f.root.Rename(temporary, path.Join(folder, name))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Join(err, ignoreMissing(f.root.Remove(temporary))))
	}
	return f.sync(folder)
}

func (f *Folder) sync(folder string) error {
	d, err := f.root.Open(folder)
	if err != nil {
		return fmt.Errorf("mailbox: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
