package sandbox

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// comparison compares one field of one attribute's values with an operand; one value that fits is enough.
type comparison struct {
	a     *attribute
	field string
	op    string
	want  []operand // one, but for $in
}

// operand is text, or a number for kinds that are ordered as numbers.
type operand struct {
	text   string
	num    float64
	number bool
}

// filterFields are the fields of each kind that can be filtered, the one meant by the short form first.
var filterFields = [kinds][]string{
	kindText: {"value"}, kindNumber: {"value"}, kindCheckbox: {"value"}, kindDate: {"value"}, kindTimestamp: {"value"},
	kindRating:      {"value"},
	kindCurrency:    {"currency_value", "currency_code"},
	kindStatus:      {"status", "active_from"},
	kindSelect:      {"option", "active_from"},
	kindReference:   {"target_record_id", "target_object"},
	kindActor:       {"referenced_actor_id", "referenced_actor_type"},
	kindLocation:    {"", "line_1", "line_2", "line_3", "line_4", "locality", "region", "postcode", "country_code", "latitude", "longitude"},
	kindDomain:      {"domain", "root_domain"},
	kindEmail:       {"email_address", "email_domain", "email_root_domain", "email_local_specifier"},
	kindPhone:       {"phone_number", "country_code"},
	kindInteraction: {"interacted_at", "interaction_type", "owner_actor"},
	kindName:        {"full_name", "first_name", "last_name"},
}

func defaultField(a *attribute) string { return filterFields[a.kind][0] }

// knownField: original_email_address and original_phone_number are shown but cannot be filtered (the latter live).
func knownField(a *attribute, name string) bool {
	return name != "" && slices.Contains(filterFields[a.kind], name)
}

// operators per kind, by the published matrix.
func allowedOperator(a *attribute, field, op string) bool {
	if field == "active_from" {
		return isRange(op)
	}
	switch op {
	case "$eq":
		return true
	case "$in":
		return a.kind == kindText || a.kind == kindReference
	case "$not_empty":
		switch a.kind {
		case kindDomain, kindPhone, kindName, kindInteraction:
			return true
		}
	case "$contains", "$starts_with", "$ends_with":
		switch a.kind {
		case kindText, kindDomain, kindEmail, kindPhone, kindName, kindLocation:
			return true
		}
	case "$lt", "$lte", "$gt", "$gte":
		switch a.kind {
		case kindNumber, kindCurrency, kindRating, kindDate, kindTimestamp, kindInteraction:
			return true
		}
	}
	return false
}

func isRange(op string) bool { return op == "$lt" || op == "$lte" || op == "$gt" || op == "$gte" }

func (p *filterParser) compare(a *attribute, field, op string, v gjson.Result) (filter, error) {
	if field == "" { // a location as a whole; that it needs a field is inferred
		return nil, p.refuse("invalid_filter_field", "Invalid filter field: %s.", a.slug)
	}
	if !allowedOperator(a, field, op) {
		return nil, p.refuse("invalid_filter_operator", "Invalid filter operator: %s.", op) // text inferred
	}
	c := &comparison{a: a, field: field, op: op}
	items := []gjson.Result{v}
	if op == "$in" {
		if !v.IsArray() {
			return nil, p.errFilter()
		}
		items = v.Array()
	}
	for _, item := range items {
		o, err := p.operand(c, item)
		if err != nil {
			return nil, err
		}
		c.want = append(c.want, o)
	}
	return c, nil
}

// operand brings what is asked for into the form in which values are stored.
func (p *filterParser) operand(c *comparison, v gjson.Result) (operand, error) {
	if c.op == "$not_empty" {
		if v.Type != gjson.True && v.Type != gjson.False {
			return operand{}, p.errFilter()
		}
		return operand{num: boolNumber(v.Bool()), number: true}, nil
	}
	switch c.a.kind {
	case kindNumber, kindRating:
		return p.number(v)
	case kindCurrency:
		if c.field == "currency_value" {
			return p.number(v)
		}
	case kindCheckbox:
		if s := v.String(); s == "true" || s == "false" {
			return operand{num: boolNumber(s == "true"), number: true}, nil
		}
		return operand{}, p.errFilter()
	}
	if v.Type != gjson.String {
		return operand{}, p.errFilter()
	}
	return p.textOperand(c, v.Str)
}

func boolNumber(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (p *filterParser) number(v gjson.Result) (operand, error) {
	if v.Type != gjson.Number {
		return operand{}, p.errFilter()
	}
	return operand{num: v.Num, number: true}, nil
}

func (p *filterParser) textOperand(c *comparison, s string) (operand, error) {
	ok := true
	switch {
	case c.field == "active_from", c.a.kind == kindTimestamp, c.a.kind == kindInteraction && c.field == "interacted_at":
		s, ok = parseTimestamp(s)
	case c.a.kind == kindDate:
		s, ok = parseDate(s)
	case c.a.kind == kindSelect, c.a.kind == kindStatus:
		no, found := c.a.choice(s)
		if !found {
			return operand{}, c.a.noChoice(s) // inferred
		}
		return operand{num: float64(no), number: true}, nil
	case c.field == "target_record_id", c.field == "referenced_actor_id":
		_, ok = parseID(s)
		s = strings.ToLower(s)
	case c.field == "target_object":
		if t := p.s.object(s); t != nil {
			s = t.slug
		}
	case c.a.kind == kindEmail, c.a.kind == kindDomain:
		s = strings.ToLower(s)
	case c.field == "phone_number" && c.op == "$eq" && !strings.HasPrefix(s, "+"):
		s = "+" + s // live: only a missing plus is made good
	}
	if !ok {
		return operand{}, p.errFilter()
	}
	return operand{text: s}, nil
}

func (c *comparison) match(s *store, r *record) bool {
	if v, ok := c.a.systemValue(r); ok {
		return c.op == "$not_empty" || c.fits(s, &v)
	}
	cur := cursor{section(r.row, c.a.no)}
	if c.op == "$not_empty" {
		return cur.done() == (c.want[0].num == 0) // false asks for empty ones (inferred)
	}
	var v value
	for !cur.done() {
		cur.value(c.a.kind, &v)
		if c.fits(s, &v) {
			return true
		}
	}
	return false
}

// systemValue is the value of an attribute that follows from the record itself.
func (a *attribute) systemValue(r *record) (v value, ok bool) {
	if !a.readOnly || !a.system {
		return v, false
	}
	v.from, v.actor = r.created, int(r.by)
	switch a.slug {
	case "record_id", entrySlug:
		v.s[0] = r.id.String()
	case "created_at":
		v.s[0] = string(appendTime(nil, r.created))
	case "created_by":
		v.num = float64(r.by)
	default:
		return v, false
	}
	return v, true
}

func (c *comparison) fits(s *store, v *value) bool {
	have := c.fieldOf(s, v)
	for i := range c.want {
		if compareOperands(c.op, have, c.want[i]) {
			return true
		}
	}
	return false
}

// fieldOf is the field of a value in comparable form.
func (c *comparison) fieldOf(s *store, v *value) operand {
	if c.field == "active_from" {
		return operand{text: string(appendTime(nil, v.from))}
	}
	switch c.a.kind {
	case kindNumber, kindRating, kindCheckbox, kindSelect, kindStatus:
		return operand{num: v.num, number: true}
	case kindCurrency:
		if c.field == "currency_code" {
			return operand{text: c.a.currency}
		}
		return operand{num: v.num, number: true}
	case kindReference:
		if c.field == "target_object" {
			return operand{text: s.tables[v.table].slug}
		}
		return operand{text: v.target().String()}
	case kindActor:
		who := s.actors[int(v.num)]
		if c.field == "referenced_actor_type" {
			return operand{text: who.kind}
		}
		return operand{text: who.id.String()}
	}
	return operand{text: c.textField(v)}
}

func (c *comparison) textField(v *value) string {
	switch c.field {
	case "root_domain", "first_name":
		return v.s[1]
	case "email_root_domain", "last_name":
		return v.s[2]
	case "email_domain":
		_, domain := splitEmail(v.s[0])
		return domain
	case "email_local_specifier":
		local, _ := splitEmail(v.s[0])
		return local
	case "country_code":
		if c.a.kind == kindPhone {
			return v.s[2]
		}
	}
	if c.a.kind == kindLocation {
		part, _ := locationPart(v.s[0], slices.Index(locationKeys[:], c.field))
		return part
	}
	return v.s[0]
}

// compareOperands: equality of text is exact (inferred), the parts of text are found whatever their case.
func compareOperands(op string, have, want operand) bool {
	order := strings.Compare(have.text, want.text)
	if want.number {
		switch {
		case have.num < want.num:
			order = -1
		case have.num > want.num:
			order = 1
		}
	}
	switch op {
	case "$eq", "$in":
		return order == 0
	case "$lt":
		return order < 0
	case "$lte":
		return order <= 0
	case "$gt":
		return order > 0
	case "$gte":
		return order >= 0
	}
	text, part := strings.ToLower(have.text), strings.ToLower(want.text)
	switch op {
	case "$contains":
		return strings.Contains(text, part)
	case "$starts_with":
		return strings.HasPrefix(text, part)
	}
	return strings.HasSuffix(text, part)
}

func (c *comparison) weight() int { return max(1, len(c.want)) }

// indexable: equality of the whole value, which is what an index holds.
func (c *comparison) indexable() bool {
	if c.op != "$eq" && c.op != "$in" {
		return false
	}
	switch c.a.kind {
	case kindText, kindDate, kindTimestamp, kindReference, kindDomain, kindEmail, kindPhone, kindName, kindNumber:
		return c.field == defaultField(c.a)
	}
	return false
}

func (c *comparison) candidates(dst []*record) ([]*record, bool) {
	if !c.indexable() {
		return dst, false
	}
	if c.a.slug == "record_id" || c.a.slug == entrySlug {
		for _, w := range c.want {
			if id, ok := parseID(w.text); ok {
				if r := c.a.table.byID[id]; r != nil {
					dst = append(dst, r)
				}
			}
		}
		return dst, true
	}
	if c.a.index == nil {
		return dst, false
	}
	for _, w := range c.want {
		dst = c.a.index.find(dst, c.key(w))
	}
	return dst, true
}

// key is the operand in the form of keyOf.
func (c *comparison) key(w operand) string {
	if w.number {
		return numberKey(w.num)
	}
	if c.a.kind == kindReference {
		id, _ := parseID(w.text)
		return string(id[:])
	}
	return w.text
}

func (c *comparison) lacking(dst []*attribute) []*attribute {
	if c.indexable() && c.a.index == nil && !(c.a.readOnly && c.a.system) {
		dst = append(dst, c.a)
	}
	return dst
}
