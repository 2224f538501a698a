package write_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"attio-import/importer"
	"attio-import/importer/attio"
	"attio-import/importer/source"
)

// setUp makes the world of a trial: its sheet, what stands in the workspace
// before the import, and its disk.
func (t *trial) setUp() {
	d := t.dice.about("set up")
	t.kind = t.chooseKind(&d)
	t.rows = makeSheet(t.dice.about("sheet"), t.kind, d.from(t.profile.rows[0], t.profile.rows[1]))
	t.openSheet()
	t.server = &workspace{skew: d.span(-10*time.Minute, 10*time.Minute), exact: d.chance(0.7), refuse: badNames(time.Now().Add(d.span(0, 20*time.Second)))}
	t.disk = &disk{dice: t.dice.about("disk"), lies: t.mutant == noSync}
	if d.chance(0.2) {
		t.quiet = d.span(2*time.Second, 20*time.Second)
	}
	if t.kind.plan.Unique() && d.chance(0.1) {
		t.server.lag = d.span(100*time.Millisecond, 3*time.Second)
	}
	for range 2 {
		h, _ := t.server.add("accounts", ourToken, map[string][]string{"name": {"of another import"}}, nil)
		h.age(24 * time.Hour)
		t.older = append(t.older, h.id)
	}
	for _, row := range t.rows {
		t.populate(d.of(row.number), row)
	}
	for i := range 3 {
		if d.chance(0.3) || t.kind.name == "strict references" {
			h, _ := t.server.add("companies", somebody, map[string][]string{"domains": {fmt.Sprintf("co%d.com", i)}}, nil)
			h.age(time.Hour)
		}
	}
}

func (t *trial) openSheet() {
	var err error
	if t.source, err = source.OpenBytes("sheet.csv", sheetText(t.rows), source.Options{Delimiter: ','}); err != nil {
		panic(err)
	}
	im := importer.Import{Source: t.source, Plan: t.kind.plan, Resolver: nobody{}}
	if t.check, err = im.Check(context.Background(), nil); err != nil {
		panic(err)
	}
}

// nobody is a Resolver for a first pass, which asks none.
type nobody struct{ importer.Resolver }

func (t *trial) chooseKind(d *dice) *sheetKind {
	if len(t.profile.kinds) > 0 {
		return kindNamed(t.profile.kinds[d.below(len(t.profile.kinds))])
	}
	if d.chance(0.2) {
		return kindNamed("references") // rows that wait for rows, and records made on the way
	}
	return sheetKinds[d.below(len(sheetKinds))]
}

// populate puts what stands there before the import into the workspace: the row's
// record, in some state or other, or one that is in its way.
func (t *trial) populate(d dice, row *simRow) {
	exists := 0.35
	if t.kind.name == "update" {
		exists = 0.85
	}
	if !row.keyed() || !d.chance(exists) {
		if len(row.domains) > 0 && d.chance(0.1) {
			t.stood(&d, map[string][]string{"domains": row.domains[:1], "name": {"in the way"}})
		}
		return
	}
	values := row.fields()
	for _, slug := range []string{"name", "tier"} {
		if d.chance(0.6) {
			values[slug] = []string{"before " + slug}
		} else if d.chance(0.2) || row.bad {
			delete(values, slug)
		}
	}
	if d.chance(0.5) {
		values["domains"] = append(slices.Clone(values["domains"]), fmt.Sprintf("old%d.com", row.number))
	}
	if row.code != "" && d.chance(0.2) {
		delete(values, "domains")
	}
	t.stood(&d, values)
}

func (t *trial) stood(d *dice, values map[string][]string) {
	who := somebody
	if d.chance(0.3) {
		who = ourToken
	}
	if h, _ := t.server.add("accounts", who, values, nil); h != nil {
		h.age(d.span(time.Minute, 24*time.Hour))
	}
}

func (h *held) age(d time.Duration) {
	h.created = h.created.Add(-d)
	h.at = h.at.Add(-d)
}

// badNames is the one rule of the workspace's own: some names it never takes, others not
// any more from some moment on, as if an option had been archived.
func badNames(from time.Time) func(map[string][]string) *attio.Error {
	return func(values map[string][]string) *attio.Error {
		name := strings.Join(values["name"], "")
		if !strings.HasPrefix(name, "!") && (!strings.HasPrefix(name, "?") || time.Now().Before(from)) {
			return nil
		}
		return &attio.Error{Status: 400, Type: "invalid_request_error", Code: "validation_type", Attribute: "name",
			Message: `An invalid value was passed to attribute with slug "name".`}
	}
}
