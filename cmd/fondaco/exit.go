package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"fondaco/partners"
	"fondaco/partners/postgres"
	"fondaco/schema"
)

// The exit codes, as `fondaco help exit` documents them.
const (
	exitDone        = 0
	exitFound       = 1  // done, and something was found to be wrong
	exitUsage       = 2  // the command, its settings or its input cannot be read
	exitNoPostgres  = 3  // there is no PostgreSQL to be found
	exitInUse       = 4  // a port or a folder that is needed is in use
	exitUnavailable = 5  // a service that is needed does not answer
	exitInternal    = 70 // a fault of ours
)

// failure is an error with the exit code that it leads to. Its text names
// cause and remedy.
type failure struct {
	code int
	text string
	err  error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.err }

func fail(code int, err error, format string, args ...any) error {
	return &failure{code, fmt.Sprintf(format, args...), err}
}

// tell writes an error for people, and gives its exit code.
func tell(c console, err error) int {
	code, text := judge(err)
	if text != "" {
		fmt.Fprintln(c.err, "fondaco: "+text)
	}
	return code
}

// judge finds the exit code of an error, and what to say.
func judge(err error) (int, string) {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.code, f.text
	}
	if missing, ok := errors.AsType[*postgres.NotFoundError](err); ok {
		var text strings.Builder
		text.WriteString(missing.Error())
		for _, r := range missing.Remedies {
			text.WriteString("\n  " + r.Text + "\n    " + r.Command)
		}
		return exitNoPostgres, text.String()
	}
	switch {
	case errors.Is(err, postgres.ErrInUse):
		return exitInUse, err.Error() + "; stop that one, or choose another folder with --data"
	case errors.Is(err, syscall.EADDRINUSE):
		return exitInUse, busyPort(err)
	case errors.Is(err, partners.ErrNewer):
		return exitUsage, err.Error()
	case errors.Is(err, fs.ErrPermission):
		return exitUsage, err.Error() + "; give this user the right to it, or choose another folder with --data"
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return exitUsage, path.Error() + "; see to it that this path can be used, or choose another folder with --data"
	}
	switch schema.Code(err) {
	case schema.CodeUnavailable:
		return exitUnavailable, explainDatabase(err)
	case schema.CodeInternal:
		return exitInternal, err.Error()
	}
	return exitUsage, err.Error()
}

func busyPort(err error) string {
	address := "the address"
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		address = op.Addr.String()
	}
	return address + " is in use by another program; stop it, or choose another one with --listen"
}

// explainDatabase adds the cause that the driver tells: an operator, unlike a
// user of the API, may know it.
func explainDatabase(err error) string {
	if cause := errors.Unwrap(err); cause != nil {
		if e, ok := errors.AsType[*schema.Error](err); ok && e.Err != nil {
			cause = e.Err
		}
		return fmt.Sprintf("%v\n  cause: %v\n  remedy: start PostgreSQL, or correct DATABASE_URL (postgres://user:password@host:5432/database)", err, cause)
	}
	return err.Error()
}
