package postgres

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const pidFileName = "postmaster.pid"

// pidFile is what a running server writes into its data directory.
type pidFile struct {
	pid    int
	socket string // folder of the socket, as the server was told
	status string // "starting", "ready", "stopping"; empty while the file is being written
}

// statusReady is written when recovery is over and connections are accepted.
const statusReady = "ready"

func readPIDFile(path string) (pidFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return pidFile{}, err
	}
	return parsePIDFile(string(text))
}

// parsePIDFile reads the eight lines: process id, data directory, start time, port, socket folder, listen address, shared
// memory key, status. The later ones come one by one while the server starts.
func parsePIDFile(text string) (pidFile, error) {
	lines := strings.Split(text, "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid == 0 {
		return pidFile{}, fmt.Errorf("%s: no process id in %q", pidFileName, lines[0])
	}
	file := pidFile{pid: max(pid, -pid)} // a single-user server writes its id negated
	if len(lines) > 4 {
		file.socket = lines[4]
	}
	if len(lines) > 7 {
		file.status = strings.TrimSpace(lines[7])
	}
	return file, nil
}

func fileExists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
