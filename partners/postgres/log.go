package postgres

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	logName    = "postgres.log"
	logMax     = 4 << 20 // beyond this the log is set aside at the next start, and the one before it is dropped
	logTail    = 64 << 10
	linesShown = 8
)

// ServerError tells that a server program ended or did not start, with the last that it said.
type ServerError struct {
	Op  string // "initdb", "start postgres", "postgres"
	Err error
	Log []string // the last lines, oldest first
}

// Error puts the log on lines of its own.
func (e *ServerError) Error() string {
	head := fmt.Sprintf("%s: %v", e.Op, e.Err)
	if len(e.Log) == 0 {
		return head
	}
	return head + "\n\t" + strings.Join(e.Log, "\n\t")
}

// Unwrap gives how the program ended.
func (e *ServerError) Unwrap() error { return e.Err }

func (e *ServerError) says(part string) bool {
	return strings.Contains(strings.Join(e.Log, "\n"), part)
}

// serverLog is the file that the server writes to itself, so that it has no pipe that could block or break it.
type serverLog struct {
	file  *os.File
	start int64 // where the lines of this run begin
}

func openLog(dir string) (*serverLog, error) {
	path := filepath.Join(dir, logName)
	if info, err := os.Stat(path); err == nil && info.Size() > logMax {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &serverLog{file: file, start: info.Size()}, nil
}

func (l *serverLog) close() error { return l.file.Close() }

// tail is the last that the server said in this run; what cannot be read is left out, since it only explains.
func (l *serverLog) tail() []string {
	info, err := l.file.Stat()
	if err != nil {
		return nil
	}
	from := max(l.start, info.Size()-logTail)
	text := make([]byte, info.Size()-from)
	n, err := l.file.ReadAt(text, from)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil
	}
	return lastLines(string(text[:n]))
}

func lastLines(text string) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines[max(0, len(lines)-linesShown):]
}
