package write

import (
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"attio-import/importer/attio"
	"attio-import/importer/outcome"
	"attio-import/mapping"
)

// actor is the id by which the token signs what it makes. The first answer to
// a create tells it. Earlier processes of the run may have had another token: one that was
// revoked is why a run stops and is gone on with.
type actor struct {
	earlier string // empty: not known
	id      atomic.Pointer[string]
}

func (a *actor) known() string {
	if id := a.id.Load(); id != nil {
		return *id
	}
	return ""
}

// learn takes the id, and reports whether it was news.
func (a *actor) learn(id string) bool { return id != "" && a.id.CompareAndSwap(nil, &id) }

// tokens are those by which a row may have been sent.
type tokens struct {
	own, earlier string // empty: not known
}

// sent tells whether a token may have sent a row: each of the row's tries was by
// the token of its process, which may be any where it is not known yet.
func (ts tokens) sent(s *outcome.Sent, id string) bool {
	by := func(token string) bool { return token == "" || strings.EqualFold(token, id) }
	return s.Earlier > 0 && by(ts.earlier) || s.Tries > s.Earlier && by(ts.own)
}

// own is what a call that makes a record says about its answer: whether it can be its own, and
// so who the token is.
func (w *Writer) own(keys []mapping.Key, fields []mapping.Field) func(attio.Echo) bool {
	is := echoes(keys, fields)
	return func(e attio.Echo) bool {
		if !is(e) {
			return false
		}
		if w.actor.known() == "" && w.actor.learn(signature(e.Value, fields)) && w.actor.known() != w.actor.earlier {
			// What is left unsaid here is said again by the journal's next
			// error, of which there is one if this is one.
			_ = w.journal.Actor(w.actor.known())
		}
		return true
	}
}

// signature is the id of the token that made a record: by the record's
// created_by or, should that not be shown, by who wrote the values that were
// sent. Empty, if it was no token that did. values gives the list under a slug.
func signature(values func(slug string) []byte, fields []mapping.Field) string {
	by := gjson.ParseBytes(values("created_by")).Get("0")
	if kind := by.Get("referenced_actor_type"); kind.Exists() {
		return tokenID(kind, by.Get("referenced_actor_id"))
	}
	for i := range fields {
		by := gjson.ParseBytes(values(fields[i].Attribute.Slug)).Get("0.created_by_actor")
		if id := tokenID(by.Get("type"), by.Get("id")); id != "" {
			return id
		}
	}
	return ""
}

func tokenID(kind, id gjson.Result) string {
	if kind.Str != tokenType {
		return ""
	}
	return id.Str
}
