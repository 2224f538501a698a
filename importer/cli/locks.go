package cli

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attio-import/importer/lock"
)

// holder is this process as the one that is told of it knows it.
func (o *options) holder(now time.Time) lock.Holder {
	host, _ := os.Hostname()
	return lock.Holder{PID: os.Getpid(), Host: host, Command: o.line, Since: now}
}

// taken makes a lock that another process holds exit code 7.
func taken(err error) error {
	var held *lock.HeldError
	if !errors.As(err, &held) {
		return err
	}
	hint := "wait until it has ended, or end it"
	if held.Holder.PID != 0 {
		hint += fmt.Sprintf(" (process %d)", held.Holder.PID)
	}
	return failing(exitLocked, err, hint+"; nothing was done")
}

// lockWorkspace keeps a second run off the same object of the same workspace: two
// runs directories do not see each other's locks, and a job of cron is easily started twice.
// Where the lock cannot be made, that is a warning: the import does not need it.
func (s *session) lockWorkspace(object string) (err error) {
	if s.api.server != nil {
		return nil // nobody else speaks to the embedded sandbox
	}
	dir, err := lockDir()
	if err == nil {
		name := lockFile(s.api.origin, s.self.WorkspaceID, object)
		who := s.opts.holder(s.started)
		who.Run = s.dir.id
		s.workspace, err = lock.Acquire(filepath.Join(dir, name), who)
	}
	var held *lock.HeldError
	if errors.As(err, &held) {
		return taken(err)
	}
	if err != nil {
		s.warn("nothing keeps a second run off this workspace: %v", err)
	}
	return nil
}

// lockDir is where the locks of workspaces are: with the state of the user's
// programs (XDG Base Directory Specification), since a runs directory may stand anywhere.
func lockDir() (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) { // the specification says to ignore others
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		state = filepath.Join(home, ".local", "state")
	}
	dir := filepath.Join(state, "attio-import", "locks")
	return dir, os.MkdirAll(dir, 0o700)
}

// lockFile names the lock of an object of a workspace. Workspaces of Attio
// have ids of their own; those of other servers may be copies of each other.
func lockFile(origin, workspace, object string) string {
	name := workspace + "-" + object
	if u, err := url.Parse(origin); err == nil && origin != defaultAPI {
		name += "-" + u.Host
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r) {
			return r
		}
		return '_'
	}, strings.ToLower(name))
}

// warnOfDoubt says where a lock does not reach the other machines that share a disk.
func (s *session) warnOfDoubt() {
	if kind := lock.Doubt(s.dir.path); kind != "" {
		s.warn("%s is on %s, where a lock may not hold between machines: start no second import of the same sheet elsewhere", s.opts.runsDir, kind)
	}
}
