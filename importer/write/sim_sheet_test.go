package write_test

import (
	"fmt"
	"slices"
	"strings"

	"attio-import/importer/outcome"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// The objects of the simulated workspace.
var simSchema = &schema.Schema{Complete: true, Objects: []*schema.Object{
	{Slug: "accounts", Singular: "Account", Plural: "Accounts", Attributes: []*schema.Attribute{
		{Slug: "code", Title: "Code", Type: schema.Text, Unique: true, Writable: true},
		{Slug: "domains", Title: "Domains", Type: schema.Domain, Unique: true, Multi: true, Writable: true},
		{Slug: "ref", Title: "Ref", Type: schema.Text, Writable: true},
		{Slug: "import_ref", Title: "Import ref", Type: schema.Text, Writable: true},
		{Slug: "name", Title: "Name", Type: schema.Text, Writable: true},
		{Slug: "tier", Title: "Tier", Type: schema.Text, Writable: true},
		{Slug: "note", Title: "Note", Type: schema.Text, Writable: true}, // no mapping speaks of it
		{Slug: "company", Title: "Company", Type: schema.RecordReference, Targets: []string{"companies"}, Writable: true},
		{Slug: "parent", Title: "Parent", Type: schema.RecordReference, Targets: []string{"accounts"}, Writable: true},
	}},
	{Slug: "companies", Singular: "Company", Plural: "Companies", Attributes: []*schema.Attribute{
		{Slug: "domains", Title: "Domains", Type: schema.Domain, Unique: true, Multi: true, Writable: true},
		{Slug: "name", Title: "Name", Type: schema.Text, Writable: true},
	}},
}}

func simObject(slug string) *schema.Object { return simSchema.Object(slug) }

const simHeader = "Code,Ref,Domains,Name,Tier,Company,Parent"

// sheetKind is a mapping, and what its rows fill.
type sheetKind struct {
	name, text string
	mode       mapping.Mode
	keys       []string // attributes that identify a row's record
	columns    string   // those that are filled, of simHeader
	marked     bool     // new records get a marker
	plan       *mapping.Plan
}

const (
	simValues = "  name: Name\n  tier: {column: Tier, default: Starter}\n"
	simRefers = "  company: {column: Company, reference: {object: companies, by: domains, missing: create}}\n"
	simParent = "  parent: {column: Parent, reference: {object: accounts, by: code, missing: skip}}\n"
)

// sheetKinds are the mappings of the simulation: every way in which a row can, or
// cannot, be found again.
var sheetKinds = []*sheetKind{
	{name: "upsert", mode: mapping.Upsert, keys: []string{"code"}, columns: "Code,Name,Tier",
		text: "mode: upsert\nmatch: code\nvalues:\n  code: Code\n" + simValues},
	{name: "references", mode: mapping.Upsert, keys: []string{"code"}, columns: "Code,Name,Tier,Company,Parent",
		text: "mode: upsert\nmatch: code\nvalues:\n  code: Code\n" + simValues + simRefers + simParent},
	{name: "strict references", mode: mapping.Upsert, keys: []string{"code"}, columns: "Code,Name,Company",
		text: "mode: upsert\nmatch: code\nvalues:\n  code: Code\n  name: Name\n  company: {column: Company, reference: {object: companies, by: domains, missing: reject}}\n"},
	{name: "two keys", mode: mapping.Upsert, keys: []string{"code", "domains"}, columns: "Code,Domains,Name,Tier",
		text: "mode: upsert\nmatch: [code, domains]\nvalues:\n  code: Code\n  domains: {column: Domains, split: \";\"}\n" + simValues},
	{name: "other unique", mode: mapping.Upsert, keys: []string{"code"}, columns: "Code,Domains,Name,Tier",
		text: "mode: upsert\nmatch: code\nvalues:\n  code: Code\n  domains: {column: Domains, split: \";\", blank: clear}\n" + simValues},
	{name: "last counts", mode: mapping.Upsert, keys: []string{"code"}, columns: "Code,Name,Tier",
		text: "mode: upsert\nmatch: code\nduplicates: last\nvalues:\n  code: Code\n" + simValues},
	{name: "create", mode: mapping.Create, keys: []string{"code"}, columns: "Code,Name,Tier,Company",
		text: "mode: create\nvalues:\n  code: Code\n" + simValues + simRefers},
	{name: "update", mode: mapping.Update, keys: []string{"code"}, columns: "Code,Name,Tier",
		text: "mode: update\nmatch: code\nvalues:\n  code: Code\n" + simValues},
	{name: "findable", mode: mapping.Upsert, keys: []string{"ref"}, columns: "Ref,Name,Tier",
		text: "mode: upsert\nmatch: ref\nvalues:\n  ref: Ref\n" + simValues},
	{name: "findable create", mode: mapping.Create, keys: []string{"ref"}, columns: "Ref,Name,Tier,Company",
		text: "mode: create\nmatch: ref\nvalues:\n  ref: Ref\n" + simValues + simRefers},
	{name: "keyless", mode: mapping.Create, columns: "Name,Tier",
		text: "mode: create\nvalues:\n" + simValues},
	{name: "marker", mode: mapping.Create, marked: true, columns: "Name,Tier",
		text: "mode: create\nmarker: import_ref\nvalues:\n" + simValues},
	{name: "some keys and marker", mode: mapping.Upsert, marked: true, keys: []string{"code"}, columns: "Code,Name,Tier",
		text: "mode: upsert\nmatch: code\nblank_key: create\nmarker: import_ref\nvalues:\n  code: Code\n" + simValues},
	{name: "some keys", mode: mapping.Upsert, keys: []string{"code"}, columns: "Code,Name,Tier",
		text: "mode: upsert\nmatch: code\nblank_key: create\nvalues:\n  code: Code\n" + simValues},
}

func init() {
	for _, k := range sheetKinds {
		file, err := mapping.Parse(k.name+".yaml", []byte("version: 1\nobject: accounts\n"+k.text))
		if err == nil {
			k.plan, _, err = mapping.Bind(file, strings.Split(simHeader, ","), simSchema)
		}
		if err != nil {
			panic(fmt.Sprintf("mapping %s: %v", k.name, err))
		}
		k.plan = k.plan.WithRun("run-1")
	}
}

func kindNamed(name string) *sheetKind {
	i := slices.IndexFunc(sheetKinds, func(k *sheetKind) bool { return k.name == name })
	if i < 0 {
		panic("there is no kind of sheet named " + name)
	}
	return sheetKinds[i]
}

// simRow is a row of a simulated sheet.
type simRow struct {
	number          int
	code, ref       string
	domains         []string
	name, tier      string
	company, parent string
	bad             bool           // the workspace never takes its name
	moody           bool           // the workspace takes its name up to some moment
	settled         outcome.Action // that the sheet alone decides: blank rows, duplicates; else empty
}

// fields are the row's texts by attribute, without references.
func (r *simRow) fields() map[string][]string {
	f := map[string][]string{"name": {r.name}}
	if r.tier != "" {
		f["tier"] = []string{r.tier}
	}
	for _, k := range r.identity() {
		f[k.slug] = k.texts
	}
	return f
}

// identity are the texts by which the row's record can be told from others.
func (r *simRow) identity() []attributeTexts {
	var id []attributeTexts
	if r.code != "" {
		id = append(id, attributeTexts{"code", []string{r.code}})
	}
	if r.ref != "" {
		id = append(id, attributeTexts{"ref", []string{r.ref}})
	}
	if len(r.domains) > 0 {
		id = append(id, attributeTexts{"domains", r.domains})
	}
	return id
}

type attributeTexts struct {
	slug  string
	texts []string
}

// unique reports whether the workspace itself keeps the row's record from being made twice.
func (r *simRow) unique() bool { return r.code != "" || len(r.domains) > 0 }

// keyed reports whether the row's record can be found by what the row says.
func (r *simRow) keyed() bool { return r.unique() || r.ref != "" }

// makeSheet makes up the rows of a trial.
func makeSheet(d dice, k *sheetKind, n int) []*simRow {
	rows := make([]*simRow, n)
	for i := range rows {
		rows[i] = makeRow(d.of(i), k, i+1, n)
	}
	for i, r := range rows {
		r.repeat(d.of(n, i), k, rows[:i])
	}
	return rows
}

// makeRow fills what the mapping reads. All texts differ from row to row, so that a
// request shows whose it is.
func makeRow(d dice, k *sheetKind, number, rows int) *simRow {
	filled := strings.Split(k.columns, ",")
	has := func(column string) bool { return slices.Contains(filled, column) }
	r := &simRow{number: number}
	if d.chance(0.03) {
		r.settled = outcome.Skipped
		return r
	}
	r.name = fmt.Sprintf("Name %d", number)
	switch d.pick(4, 6, 90) {
	case 0:
		r.bad, r.name = true, fmt.Sprintf("!%d", number)
	case 1:
		r.moody, r.name = true, fmt.Sprintf("?%d", number)
	}
	if has("Code") && (!strings.HasPrefix(k.name, "some keys") || d.chance(0.6)) {
		r.code = fmt.Sprintf("c%d", number)
	}
	if has("Ref") {
		r.ref = fmt.Sprintf("ref%d", number)
	}
	if has("Domains") {
		for j := range d.below(3) {
			r.domains = append(r.domains, fmt.Sprintf("d%d-%d.com", number, j))
		}
	}
	if has("Tier") {
		r.tier = "Starter"
		if d.chance(0.5) {
			r.tier = fmt.Sprintf("Tier %d", number)
		}
	}
	if has("Company") && d.chance(0.6) {
		r.company = someCompany(&d)
	}
	if has("Parent") && d.chance(0.4) {
		r.parent = fmt.Sprintf("c%d", d.from(1, rows+1))
	}
	return r
}

// repeat gives a row, now and then, the key of one above it.
func (r *simRow) repeat(d dice, k *sheetKind, above []*simRow) {
	if len(above) == 0 || !d.chance(0.03) || r.code+r.ref == "" {
		return
	}
	other := above[d.below(len(above))]
	if other.code+other.ref == "" || (other.code == "") != (r.code == "") {
		return
	}
	r.code, r.ref = other.code, other.ref
	for _, o := range append(above, r) {
		switch {
		case o.code != r.code || o.ref != r.ref:
		case k.name != "last counts":
			o.settled = outcome.Invalid
		case o != r:
			o.settled = outcome.Skipped
		}
	}
}

// sheetText writes rows as a CSV file.
func sheetText(rows []*simRow) []byte {
	var b strings.Builder
	b.WriteString(simHeader + "\n")
	for _, r := range rows {
		tier := r.tier
		if tier == "Starter" {
			tier = "" // the mapping's default
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", r.code, r.ref, strings.Join(r.domains, ";"), r.name, tier, r.company, r.parent)
	}
	return []byte(b.String())
}
