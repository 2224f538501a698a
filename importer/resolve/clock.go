package resolve

import (
	"context"
	"net/http"
	"sync"
	"time"

	"attio-import/importer/attio"
	"attio-import/mapping/schema"
)

// earliest is the earliest time that a server told with its answers. What is
// compared with it are the server's own times: this machine's clock could not tell.
type earliest struct {
	mu sync.Mutex
	at time.Time
}

// note takes the time of an answer, in either of the forms that servers give
// it. A nil earliest takes no note.
func (e *earliest) note(at string) {
	if e == nil {
		return
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t, err = http.ParseTime(at)
	}
	if err != nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.at.IsZero() || t.Before(e.at) {
		e.at = t
	}
}

// time is zero as long as no answer told one.
func (e *earliest) time() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.at
}

// Began is the server's time of the run's first look-up. A record that is
// older was not made by the run; this machine's clock could not tell. Zero, if
// nothing was looked up or the server told no time.
func (r *Resolver) Began() time.Time { return r.began.time() }

// query asks for one page. at, which may be nil, is told when it was true.
func (r *Resolver) query(ctx context.Context, object *schema.Object, q attio.Query, at *earliest) ([]attio.Record, error) {
	page, err := r.api.Query(ctx, object.Slug, q)
	if err != nil {
		return nil, err
	}
	r.began.note(page.At)
	at.note(page.At)
	return page.Records, nil
}
