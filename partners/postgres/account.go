package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Mode is how the server process relates to the user who started the program.
type Mode string

// The modes. The owner of the data directory tells which one a cluster was made in.
const (
	ModeDirect    Mode = "direct"    // the same user; not root
	ModeAccount   Mode = "account"   // started by root, runs as another account
	ModeNamespace Mode = "namespace" // started by root, runs as root under another name in a user namespace
)

// serverAccounts are tried in this order when root starts a cluster: the distribution's own, then the one that every
// system has.
var serverAccounts = []string{"postgres", "nobody"}

// account is whom the server runs as.
type account struct {
	mode Mode
	name string
	uid  int // owner of the data as this process sees it
	gid  int
	// inside are the ids that stand for uid and gid within the namespace. They must be known to the password file, which
	// initdb asks, and be other than 0.
	insideUID, insideGID int
}

// AccountError tells why root could not start a server under any account.
type AccountError struct {
	Dir     string
	Reasons []string
}

// Error names each way that was tried, and the remedy.
func (e *AccountError) Error() string {
	return fmt.Sprintf("postgresql does not run as root, and no other account can run it in %s (%s): "+
		"choose a data folder such as /var/lib/fondaco, or start the program as an ordinary user",
		e.Dir, strings.Join(e.Reasons, "; "))
}

// chooseAccount follows the owner of existing data, and else tries what can run the server in dir.
func chooseAccount(ctx context.Context, dir, data string, bin Binaries) (account, error) {
	euid := os.Geteuid()
	info, err := os.Stat(data)
	switch {
	case err == nil:
		return accountOf(data, info, euid)
	case !errors.Is(err, os.ErrNotExist):
		return account{}, err
	case euid != 0:
		return account{mode: ModeDirect, uid: euid, gid: os.Getegid()}, nil
	}
	refusal := &AccountError{Dir: dir}
	candidates := lookupAccounts(serverAccounts)
	for _, a := range candidates {
		if err := a.probe(ctx, dir, bin); err != nil {
			refusal.Reasons = append(refusal.Reasons, a.explain(dir, err))
			continue
		}
		return a, nil
	}
	if len(candidates) > 0 {
		a := candidates[0].inNamespace()
		err := a.probe(ctx, dir, bin)
		if err == nil {
			return a, nil
		}
		refusal.Reasons = append(refusal.Reasons, "user namespace: "+err.Error())
	}
	if err := ctx.Err(); err != nil {
		return account{}, err
	}
	return account{}, refusal
}

func accountOf(data string, info os.FileInfo, euid int) (account, error) {
	uid, gid := ownerOf(info)
	switch {
	case euid != 0 && uid != euid:
		return account{}, fmt.Errorf("%s belongs to %s: start the program as that user, or choose another data folder",
			data, userName(uid))
	case euid != 0:
		return account{mode: ModeDirect, uid: uid, gid: gid}, nil
	case uid != 0:
		return account{mode: ModeAccount, name: userName(uid), uid: uid, gid: gid}, nil
	}
	candidates := lookupAccounts(serverAccounts)
	if len(candidates) == 0 {
		return account{}, &AccountError{Dir: data, Reasons: []string{"no account postgres or nobody"}}
	}
	return candidates[0].inNamespace(), nil
}

func lookupAccounts(names []string) []account {
	var list []account
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if uidErr == nil && gidErr == nil && uid != 0 {
			list = append(list, account{mode: ModeAccount, name: name, uid: uid, gid: gid})
		}
	}
	return list
}

// inNamespace is root itself, under the ids of the account.
func (a account) inNamespace() account {
	return account{mode: ModeNamespace, name: a.name, insideUID: a.uid, insideGID: a.gid}
}

// probe runs the server program for its version, in the folder and under the account: what cannot do that cannot run a
// cluster there.
func (a account) probe(ctx context.Context, dir string, bin Binaries) error {
	cmd := exec.CommandContext(ctx, bin.program("postgres"), "--version")
	cmd.Dir = dir
	cmd.Env = environment()
	cmd.SysProcAttr = a.process(0)
	return cmd.Run()
}

// explain says which folder keeps the account out, if one does: "permission denied" alone helps nobody.
func (a account) explain(dir string, err error) string {
	if closed := a.closedFolder(dir); closed != "" {
		return fmt.Sprintf("%s may not enter %s", a.name, closed)
	}
	return fmt.Sprintf("%s: %v", a.name, err)
}

// closedFolder is the topmost folder on the way to dir that the account may not enter by its mode bits, or nothing.
func (a account) closedFolder(dir string) string {
	if a.mode != ModeAccount {
		return ""
	}
	for end := 1; end <= len(dir); end++ {
		if end < len(dir) && dir[end] != filepath.Separator && end != 1 {
			continue
		}
		info, err := os.Stat(dir[:end])
		if err != nil {
			continue
		}
		uid, gid := ownerOf(info)
		bit := os.FileMode(0o001)
		switch {
		case uid == a.uid:
			bit = 0o100
		case gid == a.gid:
			bit = 0o010
		}
		if info.Mode().Perm()&bit == 0 {
			return dir[:end]
		}
	}
	return ""
}

// own gives a file to the account; only root needs to.
func (a account) own(path string) error {
	if a.mode != ModeAccount {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

func ownerOf(info os.FileInfo) (uid, gid int) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return os.Geteuid(), os.Getegid()
	}
	return int(stat.Uid), int(stat.Gid)
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "user " + strconv.Itoa(uid)
}

// environment is what the server programs see. Variables such as PGDATA or PGPORT would change what they do; messages
// are wanted in English; a set TZ saves initdb the search for the name of the local time zone.
func environment() []string {
	env := []string{"LC_ALL=C", "TZ=UTC", "PATH=/usr/local/bin:/usr/bin:/bin"}
	if libraries := os.Getenv("LD_LIBRARY_PATH"); libraries != "" {
		env = append(env, "LD_LIBRARY_PATH="+libraries)
	}
	return env
}
