package attio

import (
	"errors"
	"strings"
)

// workspace is the workspace that answers are about.
type workspace struct {
	id    string
	known bool // the API has said that it is the token's; else it is just the last one seen
}

// learnWorkspace takes note of whose token it is. A token belongs to one
// workspace for ever, so another answer is somebody else's.
func (c *Client) learnWorkspace(id string) error {
	if w := c.workspace.Load(); w != nil && w.known {
		return sameWorkspace(w.id, id)
	}
	if id != "" {
		c.workspace.Store(&workspace{id: id, known: true})
	}
	return nil
}

// inWorkspace demands that an answer is about the token's workspace, if that is
// known. It gives all results the same string, which is the id of nearly every
// answer.
func (c *Client) inWorkspace(id string) (string, error) {
	w := c.workspace.Load()
	switch {
	case w != nil && w.id == id:
		return w.id, nil
	case w != nil && w.known:
		return "", sameWorkspace(w.id, id)
	}
	id = strings.Clone(id)
	c.workspace.CompareAndSwap(w, &workspace{id: id})
	return id, nil
}

var errNoWorkspace = errors.New("no workspace in the answer")

func sameWorkspace(want, got string) error {
	switch {
	case got == "":
		return errNoWorkspace
	case !strings.EqualFold(want, got):
		return &MismatchError{Of: "workspace", Want: want, Got: got}
	}
	return nil
}
