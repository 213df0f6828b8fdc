package postgres

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// process is how a program is started under the account. deathSignal, if any, is sent to it when the thread that started
// it ends. A group of its own keeps the terminal's Ctrl-C from it: the program ends its server when it is done with it.
func (a account) process(deathSignal syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: deathSignal}
	switch a.mode {
	case ModeAccount:
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	case ModeNamespace:
		attr.Cloneflags = syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: a.insideUID, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: a.insideGID, HostID: os.Getegid(), Size: 1}}
	case ModeDirect:
	}
	return attr
}

// processesIn lists the live processes of the cluster in a data directory. The server and all its children work in that
// directory, which tells them from a process that got the id of a dead one.
func processesIn(data string) ([]int, error) {
	home, err := os.Stat(data)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil && worksIn(pid, data, home) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// worksIn reports whether a process belongs to the cluster; a zombie has no working directory any more. Root in a
// container may lack the right to look at the working directory of another account's process, and then the command line
// has to tell.
func worksIn(pid int, data string, home fs.FileInfo) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	cwd, err := os.Stat(filepath.Join(proc, "cwd"))
	if err == nil {
		return os.SameFile(cwd, home)
	}
	if !errors.Is(err, fs.ErrPermission) {
		return false
	}
	line, err := os.ReadFile(filepath.Join(proc, "cmdline"))
	return err == nil && bytes.Contains(line, []byte("\x00-D\x00"+data+"\x00"))
}
