package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Options say where a cluster lives and how it runs. Dir alone is required.
type Options struct {
	// Dir is the folder of the cluster, made when it is missing. Nothing else should be kept in it.
	Dir string
	// Binaries are the programs to use; the zero value lets Open find them by Search, for the version of the data.
	Binaries Binaries
	Search   Search
	// MaxConnections is 30 when it is 0.
	MaxConnections int
	// Settings are further settings of the server; they win over those of this package.
	Settings map[string]string
	// Unsafe gives up durability: a crash of the machine may destroy the data. For tests alone.
	Unsafe bool
}

func (o Options) complete() (Options, error) {
	if o.Dir == "" {
		return o, errors.New("open a cluster: no folder given")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, err
	}
	o.Dir = dir
	if o.MaxConnections == 0 {
		o.MaxConnections = defaultMaxConnections
	}
	// Another account has to pass through the folder, not to list it; what is in it is private to that account.
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return o, fmt.Errorf("make the folder of the cluster: %w", err)
	}
	return o, nil
}

func (o Options) binaries(ctx context.Context, major int) (Binaries, error) {
	bin := o.Binaries
	if bin.Dir == "" {
		var err error
		search := o.Search
		if major != 0 {
			search.Major = major
		}
		if bin, err = Find(ctx, search); err != nil {
			return Binaries{}, o.forData(err, major)
		}
	}
	if major != 0 && bin.Major != major {
		err := Search{Major: major}.notFound([]Binaries{bin})
		return Binaries{}, o.forData(err, major)
	}
	return bin, nil
}

// forData adds to a refusal which data asked for the version.
func (o Options) forData(err error, major int) error {
	var missing *NotFoundError
	if major != 0 && errors.As(err, &missing) {
		missing.Data = dataDir(o.Dir)
	}
	return err
}
