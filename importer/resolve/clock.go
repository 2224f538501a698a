package resolve

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"attio-import/importer/attio"
	"attio-import/mapping/schema"
)

// beginning is the server's time of the first answer in a run.
type beginning struct{ at atomic.Pointer[time.Time] }

// note takes the time of an answer, in either of the forms that servers give it.
func (b *beginning) note(at string) {
	if b.at.Load() != nil {
		return
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t, err = http.ParseTime(at)
	}
	if err == nil {
		b.at.CompareAndSwap(nil, &t)
	}
}

// Began is the server's time of the run's first look-up. A record that is
// older was not made by the run; this machine's clock could not tell. Zero, if
// nothing was looked up or the server told no time.
func (r *Resolver) Began() time.Time {
	if t := r.began.at.Load(); t != nil {
		return *t
	}
	return time.Time{}
}

// query asks for one page.
func (r *Resolver) query(ctx context.Context, object *schema.Object, q attio.Query) ([]attio.Record, error) {
	page, err := r.api.Query(ctx, object.Slug, q)
	if err != nil {
		return nil, err
	}
	r.began.note(page.At)
	return page.Records, nil
}
