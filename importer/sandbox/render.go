package sandbox

import "strings"

// appendRecord appends a record as the API shows it: every visible attribute of its object, empty ones as [].
func (s *store) appendRecord(b []byte, t *table, r *record) []byte {
	b = append(b, `{"id":{"workspace_id":"`...)
	b = s.id.appendTo(b)
	b = append(b, `","object_id":"`...)
	b = t.id.appendTo(b)
	b = append(b, `","record_id":"`...)
	b = r.id.appendTo(b)
	b = append(b, `"},"created_at":"`...)
	b = appendTime(b, r.created)
	b = append(b, `","web_url":"https://app.attio.com/`...)
	b = append(b, s.slug...)
	b = append(b, '/')
	b = append(b, webName(t)...)
	b = append(b, "/record/"...)
	b = r.id.appendTo(b)
	b = append(b, `","values":`...)
	b = s.appendValues(b, t, r)
	return append(b, '}')
}

// webName is the object's name in addresses of the app: people are "person", companies "company", others as the slug
// (deals: live; the others inferred).
func webName(t *table) string {
	switch t.slug {
	case "people":
		return "person"
	case "companies":
		return "company"
	}
	return t.slug
}

// appendValues appends all values of a record or an entry by slug, in the order of the attributes.
func (s *store) appendValues(b []byte, t *table, r *record) []byte {
	p := printer{s: s}
	b = append(b, '{')
	row := cursor{r.row}
	no, packed := -1, ""
	for _, a := range t.attrs {
		for no < a.no && !row.done() {
			no, packed = int(row.uint()), row.counted()
		}
		if !a.visible() {
			continue
		}
		b = append(appendKey(b, a.slug), '[')
		if v, ok := a.systemValue(r); ok {
			b = p.appendValue(b, a, &v)
		} else if no == a.no {
			b = p.appendSection(b, a, packed)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

// printer prints values; it remembers the latest time, because the values of a record mostly share one.
type printer struct {
	s    *store
	at   int64
	text [len(timeLayout)]byte
}

func (p *printer) appendTime(b []byte, ms int64) []byte {
	if p.at != ms || ms == 0 {
		p.at = ms
		appendTime(p.text[:0], ms)
	}
	return append(b, p.text[:]...)
}

func (p *printer) appendSection(b []byte, a *attribute, packed string) []byte {
	c := cursor{packed}
	var v value
	first := true
	for !c.done() {
		c.value(a.kind, &v)
		if p.s.dangling(a, &v) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = p.appendValue(b, a, &v)
	}
	return b
}

// dangling tells whether a one-sided reference points to a record that was deleted. Nothing leads from the target back
// to such references, so they are left out when read.
func (s *store) dangling(a *attribute, v *value) bool {
	if a.kind != kindReference || a.inverse != nil {
		return false
	}
	return s.tables[v.table].byID[v.target()] == nil
}

func (p *printer) appendValue(b []byte, a *attribute, v *value) []byte {
	b = append(b, `{"active_from":"`...)
	b = p.appendTime(b, v.from)
	b = append(b, `","active_until":`...)
	if v.until == 0 {
		b = append(b, "null"...)
	} else {
		b = append(b, '"')
		b = appendTime(b, v.until)
		b = append(b, '"')
	}
	b = append(b, `,"created_by_actor":`...)
	b = p.s.appendActor(b, v.actor)
	b = p.appendPayload(b, a, v)
	b = append(b, `,"attribute_type":"`...)
	b = append(b, kindNames[a.kind]...)
	return append(b, '"', '}')
}

func (s *store) appendActor(b []byte, no int) []byte { return append(b, s.actors[no].json...) }

func appendActorID(b []byte, a *actor) []byte {
	if a.id == (uuid{}) {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = a.id.appendTo(b)
	return append(b, '"')
}

// appendPayload appends the members that are particular to the attribute's type.
func (p *printer) appendPayload(b []byte, a *attribute, v *value) []byte {
	switch a.kind {
	case kindText, kindDate, kindTimestamp:
		return appendStringField(b, "value", v.s[0])
	case kindNumber, kindRating:
		return appendNumber(appendKey(b, "value"), v.num)
	case kindCheckbox:
		return appendBoolField(b, "value", v.num != 0)
	case kindCurrency:
		b = appendNumber(appendKey(b, "currency_value"), v.num)
		return appendNullable(b, "currency_code", a.currency)
	case kindSelect:
		return p.s.appendChoice(appendKey(b, "option"), a, a.choices[int(v.num)])
	case kindStatus:
		return p.s.appendChoice(appendKey(b, "status"), a, a.choices[int(v.num)])
	case kindActor:
		who := &p.s.actors[int(v.num)]
		b = appendStringField(b, "referenced_actor_type", who.kind)
		return appendActorID(appendKey(b, "referenced_actor_id"), who)
	case kindReference:
		b = appendStringField(b, "target_object", p.s.tables[v.table].slug)
		return appendID(b, "target_record_id", v.target())
	}
	return appendComposite(b, a.kind, v)
}

func appendComposite(b []byte, k kind, v *value) []byte {
	switch k {
	case kindDomain:
		b = appendStringField(b, "domain", v.s[0])
		return appendStringField(b, "root_domain", v.s[1])
	case kindEmail:
		local, domain := splitEmail(v.s[0])
		b = appendStringField(b, "original_email_address", v.s[1])
		b = appendStringField(b, "email_address", v.s[0])
		b = appendStringField(b, "email_domain", domain)
		b = appendStringField(b, "email_root_domain", v.s[2])
		return appendStringField(b, "email_local_specifier", local)
	case kindPhone:
		b = appendStringField(b, "original_phone_number", v.s[1])
		b = appendNullable(b, "country_code", v.s[2])
		return appendStringField(b, "phone_number", v.s[0])
	case kindName:
		b = appendStringField(b, "first_name", v.s[1])
		b = appendStringField(b, "last_name", v.s[2])
		return appendStringField(b, "full_name", v.s[0])
	case kindLocation:
		for i, key := range locationKeys {
			part, null := locationPart(v.s[0], i)
			if b = appendKey(b, key); null {
				b = append(b, "null"...)
			} else {
				b = appendString(b, part)
			}
		}
	}
	return b
}

func splitEmail(address string) (local, domain string) {
	at := strings.LastIndexByte(address, '@')
	return address[:max(at, 0)], address[at+1:]
}

// appendChoice appends an option or a status with its identifiers.
func (s *store) appendChoice(b []byte, a *attribute, c *choice) []byte {
	b = append(b, `{"id":`...)
	b = s.appendAttributeID(b, a)
	b = b[:len(b)-1]
	idKey := "option_id"
	if a.kind == kindStatus {
		idKey = "status_id"
	}
	b = append(appendID(b, idKey, c.id), '}')
	b = appendStringField(b, "title", c.title)
	b = appendBoolField(b, "is_archived", c.archived)
	if a.kind == kindStatus {
		b = appendBoolField(b, "celebration_enabled", c.celebrate)
		b = appendNullable(b, "target_time_in_status", c.target)
	}
	return append(b, '}')
}

func (s *store) appendAttributeID(b []byte, a *attribute) []byte {
	b = append(b, '{')
	b = appendID(b, "workspace_id", s.id)
	b = appendID(b, "object_id", a.table.id)
	b = appendID(b, "attribute_id", a.id)
	return append(b, '}')
}
