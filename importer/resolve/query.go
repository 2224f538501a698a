package resolve

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"attio-import/importer/attio"
	"attio-import/mapping/schema"
	"attio-import/mapping/value"
)

const (
	pageSize = attio.MaxPage
	// maxList is how many keys one $in names. One less than a page, so that a
	// chunk whose every key is found does not fill the page and need another
	// query to learn that nothing follows.
	maxList = pageSize - 1
	// maxOr is how many equalities one $or joins. The API documents no bound,
	// only that the cost of a query grows with its filter (rate-limiting guide).
	maxOr = 50
	// fewest is the smallest number of keys that a run gets used to.
	fewest = 10
	// maxLimited is how often in a row a query may meet a 429 before it is
	// taken for too complex and halved. A query for a single key cannot get
	// simpler, and waits for as long as it takes.
	maxLimited = 5
)

// target is an attribute that records are looked up by, with what the run has
// learnt about the size of the queries that the API takes for it.
type target struct {
	object *schema.Object
	by     *schema.Attribute
	noList atomic.Bool  // $in was refused
	most   atomic.Int64 // keys a query; 0: the default

	findsMore atomic.Bool // answers have records that were not asked for
}

func newTarget(object *schema.Object, by *schema.Attribute) *target {
	return &target{object: object, by: by}
}

func (t *target) lists() bool { return t.by.FiltersByList() && !t.noList.Load() }

func (t *target) chunk() int {
	n := maxOr
	if t.lists() {
		n = maxList
	}
	if most := int(t.most.Load()); most > 0 {
		n = min(n, most)
	}
	return n
}

// shrink remembers that queries of more than n keys are refused. It does not go
// below fewest: a spell of 429s that had nothing to do with the size must not
// make the rest of the run ask key by key.
func (t *target) shrink(n int) {
	n = max(n, fewest)
	for {
		most := t.most.Load()
		if most > 0 && most <= int64(n) || t.most.CompareAndSwap(most, int64(n)) {
			return
		}
	}
}

// chunks cuts keys into as few pieces as the size allows, of even size, so
// that no query waits for a much longer one.
func chunks(keys []value.Value, size int) [][]value.Value {
	n := (len(keys) + size - 1) / size
	out := make([][]value.Value, 0, n)
	for ; n > 0; n-- {
		k := (len(keys) + n - 1) / n
		out = append(out, keys[:k])
		keys = keys[k:]
	}
	return out
}

// askAll looks keys up in chunks, each a job of g, and hands each chunk's
// answers to take, from several goroutines. at, which may be nil, is told when
// the server answered.
func (r *Resolver) askAll(ctx context.Context, g *errgroup.Group, t *target, keys []value.Value, at *earliest, take func([]value.Value, answers)) {
	for _, chunk := range chunks(keys, t.chunk()) {
		g.Go(func() error {
			as, err := r.ask(ctx, t, chunk, at)
			if err == nil {
				take(chunk, as)
			}
			return err
		})
	}
}

// ask looks up the keys of one chunk. A query that the API finds too much is
// halved, down to single keys; a single key that is refused is that key's
// answer and stops nothing. Likewise where a record that came back cannot be read:
// only asking for less tells which key it has.
func (r *Resolver) ask(ctx context.Context, t *target, keys []value.Value, at *earliest) (answers, error) {
	listed := t.lists()
	as, err := r.answer(ctx, t, keys, listed, at)
	switch {
	case err == nil:
		return as, nil
	case listed && refusesOperator(err):
		t.noList.Store(true)
		return r.askParts(ctx, t, chunks(keys, t.chunk()), at)
	case !refusesQuery(err):
		return nil, fmt.Errorf("looking up %s by %s: %w", t.object.Slug, t.by.Slug, err)
	case len(keys) > 1:
		half := (len(keys) + 1) / 2
		as, err := r.askParts(ctx, t, chunks(keys, half), at)
		if err == nil && !as.useless() {
			t.shrink(half)
		}
		return as, err
	}
	return uselessFor(keys[0], err)
}

// mostAsks is how often one query is asked before strangers in its answer are
// taken for what the API means.
const mostAsks = 5

// answer asks for keys until no record comes that has none of them: an answer
// with such a stranger is probably that to another question, and then what is
// missing in it may be there. Should the same come again and again, the API
// finds more than was asked for, by a rule that this program does not know; then strangers
// are dropped from here on.
func (r *Resolver) answer(ctx context.Context, t *target, keys []value.Value, listed bool, at *earliest) (answers, error) {
	for asked := 1; ; asked++ {
		records, err := r.pages(ctx, t, keys, listed, at)
		if err != nil {
			return nil, err
		}
		as, strangers, err := sortOut(t.by, keys, records)
		if err != nil || strangers == 0 || t.findsMore.Load() {
			return as, err
		}
		if asked == mostAsks {
			t.findsMore.Store(true)
			return as, nil
		}
	}
}

func (r *Resolver) askParts(ctx context.Context, t *target, parts [][]value.Value, at *earliest) (answers, error) {
	all := answers{}
	for _, part := range parts {
		as, err := r.ask(ctx, t, part, at)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, as)
	}
	return all, nil
}

// useless reports whether it was a single key, not the size, that was in the way.
func (as answers) useless() bool {
	for _, a := range as {
		if a.refused != nil || a.unreadable != nil {
			return true
		}
	}
	return false
}

// uselessFor is the answer for a key that the API takes no query for, or whose
// record cannot be read.
func uselessFor(key value.Value, err error) (answers, error) {
	var a answer
	if errors.As(err, &a.refused) || errors.As(err, &a.unreadable) {
		return answers{key.Canonical(): a}, nil
	}
	return nil, err
}

// Codes of filters that are wrong whatever the keys are (no OpenAPI document
// lists them; they were seen).
const (
	codeOperator = "invalid_filter_operator"
	codeField    = "invalid_filter_field"
	codeSlug     = "unknown_filter_attribute_slug"
)

func refusesOperator(err error) bool {
	var refused *attio.Error
	return errors.As(err, &refused) && refused.Code == codeOperator
}

// refusesQuery reports whether a smaller query, or one for other keys, may
// pass, or be understood, where this one was not.
func refusesQuery(err error) bool {
	var limited *attio.LimitedError
	var unreadable *unreadableError
	if errors.As(err, &limited) || errors.As(err, &unreadable) {
		return true
	}
	var refused *attio.Error
	if !errors.As(err, &refused) || refused.EndsRun() || refused.Status == 404 {
		return false
	}
	return refused.Code != codeOperator && refused.Code != codeField && refused.Code != codeSlug
}

// pages reads all records that have one of the keys, to a short page: where
// the attribute is not unique there may be more of them than keys.
func (r *Resolver) pages(ctx context.Context, t *target, keys []value.Value, listed bool, at *earliest) ([]attio.Record, error) {
	q := attio.Query{Filter: filter(t.by, keys, listed), Limit: pageSize}
	if q.Filter == nil {
		return nil, nil // an empty filter would find everything
	}
	if len(keys) > 1 {
		q.MaxLimited = maxLimited
	}
	if !t.by.Unique {
		// The order keeps pages apart while others edit; a unique key has one record and needs no second page.
		q.Sorts = oldestFirst
	}
	var all []attio.Record
	seen := map[string]bool{}
	for {
		page, err := r.query(ctx, t.object, q, at)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < pageSize {
			return all, nil
		}
		if !anyNew(page, seen) {
			return nil, fmt.Errorf("%w: at %d", errSamePage, q.Offset)
		}
		q.Offset += len(page)
	}
}

// errSamePage ends what would never end.
var errSamePage = errors.New("the server gives the same page again and again: it does not seem to know offset")

// anyNew reports whether a page has a record that no page before it had, and
// takes note of all.
func anyNew(page []attio.Record, seen map[string]bool) bool {
	before := len(seen)
	for i := range page {
		seen[page[i].ID] = true
	}
	return len(seen) > before
}
