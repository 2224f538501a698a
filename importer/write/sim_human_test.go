package write_test

import (
	"fmt"
	"slices"
	"time"
)

// The people who work in the workspace while the import runs. What they write
// is never what the sheet says nor what stood there before: else nobody, the
// simulation included, could tell whose value it is.

// people plans the deeds of a trial: most fall into the first moments, when rows
// are under way, the others into the time of quiet and of resuming.
func (t *trial) people() {
	d := t.dice.about("people")
	for i := range d.from(t.profile.people[0], t.profile.people[1]) {
		d := d.of(i)
		at := d.span(0, 3*time.Second)
		if d.chance(0.5) {
			at = d.span(0, t.profile.span)
		}
		t.timers = append(t.timers, time.AfterFunc(at, func() { t.act(d) }))
	}
}

// act does something to the records that the sheet is about, or to others.
func (t *trial) act(d dice) {
	t.server.mu.Lock()
	defer t.server.mu.Unlock()
	t.deeds++
	w, row := &t.profile.deeds, t.rows[d.below(len(t.rows))]
	switch d.pick(w.edits, w.makes, w.removes, w.rekeys, w.renames, w.merges, w.companies, w.closures) {
	case 0:
		t.edit(d, row)
	case 1:
		t.makeByHand(d, row)
	case 2:
		t.remove(t.about(d, row), "deletes")
	case 3:
		t.rekey(d, row)
	case 4:
		t.rename(t.about(d, row))
	case 5:
		t.merge(d, t.about(d, row))
	case 6:
		t.makeCompany(d)
	case 7:
		t.remove(t.server.holder("companies", "domains", someCompany(&d)), "deletes")
	}
}

// deeds are how often people do what.
type deeds struct {
	edits     float64 // write another value
	makes     float64 // make a record with a row's key
	removes   float64 // delete a record
	rekeys    float64 // give a record of an older import a row's key
	renames   float64 // take a record's code away
	merges    float64 // merge a record into another
	companies float64 // make a company
	closures  float64 // delete a company
}

func (t *trial) remove(h *held, how string) {
	if h != nil {
		h.gone = time.Now()
		t.note("somebody %s %s", how, h.id)
	}
}

func (t *trial) rename(h *held) {
	if h == nil || len(h.values["code"]) == 0 {
		return
	}
	t.words++
	h.set("code", []string{fmt.Sprintf("human%d", t.words)}, nil)
	t.note("somebody changes the code of %s to human%d", h.id, t.words)
}

// merge puts what a record has, and another has not, into the other, and deletes
// it. The other is none that the import has made: merged with another row's, nobody
// could tell any more which row a record is of.
func (t *trial) merge(d dice, from *held) {
	into := t.about(d, t.rows[d.below(len(t.rows))])
	if from == nil || into == from || into.made != nil {
		return
	}
	t.remove(from, "merges away")
	from.merged = into.id
	for _, slug := range []string{"code", "ref", "domains", "import_ref"} {
		if texts := from.values[slug]; len(texts) > 0 && len(into.values[slug]) == 0 {
			into.set(slug, texts, nil)
		}
	}
	t.note("... into %s", into.id)
}

// about is the record that a row is about, or one that others are about.
func (t *trial) about(d dice, row *simRow) *held {
	for _, k := range row.identity() {
		for _, text := range k.texts {
			if h := t.server.holder("accounts", k.slug, text); h != nil {
				return h
			}
		}
	}
	var living []*held
	for _, h := range t.server.records {
		if h.gone.IsZero() && h.object == "accounts" {
			living = append(living, h)
		}
	}
	if len(living) == 0 {
		return nil
	}
	return living[d.below(len(living))]
}

func (t *trial) edit(d dice, row *simRow) {
	h := t.about(d, row)
	if h == nil {
		return
	}
	slug := []string{"name", "name", "tier", "note"}[d.below(4)]
	t.words++
	text := fmt.Sprintf("human %d", t.words)
	if d.chance(0.1) && len(h.values["domains"]) > 0 {
		slug, text = "domains", fmt.Sprintf("human%d.com", t.words)
	}
	h.set(slug, []string{text}, nil)
	t.note("somebody sets %s of %s to %q", slug, h.id, text)
}

// makeByHand makes a record that has a row's key, and little else.
func (t *trial) makeByHand(d dice, row *simRow) {
	t.words++
	values := map[string][]string{"name": {fmt.Sprintf("human %d", t.words)}}
	for _, k := range row.identity() {
		if len(values) == 1 || d.chance(0.5) {
			values[k.slug] = slices.Clone(k.texts)
		}
	}
	if len(values) == 1 || row.ref != "" && t.server.holder("accounts", "ref", row.ref) != nil {
		return
	}
	if h, refused := t.server.add("accounts", somebody, values, nil); refused == nil {
		t.note("somebody makes %s %v", h.id, values)
	}
}

// rekey gives a record of another import a key of the sheet: it is our
// token's, but older than the run.
func (t *trial) rekey(d dice, row *simRow) {
	h := t.server.find("accounts", t.older[d.below(len(t.older))])
	slug, text := "code", row.code
	if row.code == "" {
		slug, text = "ref", row.ref
	}
	if h == nil || text == "" || t.server.holder("accounts", slug, text) != nil {
		return
	}
	h.set(slug, []string{text}, nil)
	t.note("somebody gives %s the %s %s", h.id, slug, text)
}

// someCompany is a domain that rows name.
func someCompany(d *dice) string { return fmt.Sprintf("co%d.com", d.below(3)) }

func (t *trial) makeCompany(d dice) {
	t.words++
	values := map[string][]string{"domains": {someCompany(&d)}, "name": {fmt.Sprintf("human %d", t.words)}}
	if h, refused := t.server.add("companies", somebody, values, nil); refused == nil {
		t.note("somebody makes %s %v", h.id, values)
	}
}
