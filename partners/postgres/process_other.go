//go:build unix && !linux

package postgres

import (
	"path/filepath"
	"syscall"
)

// process is how a program is started under the account. There is neither a parent-death signal nor a user namespace
// here; what outlives the program is found by the next start.
func (a account) process(syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a.mode == ModeAccount {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// processesIn knows only of the server whose id is written in the data directory.
func processesIn(data string) ([]int, error) {
	file, err := readPIDFile(filepath.Join(data, pidFileName))
	if err != nil || syscall.Kill(file.pid, 0) != nil {
		return nil, nil
	}
	return []int{file.pid}, nil
}
