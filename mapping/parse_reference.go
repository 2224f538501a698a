package mapping

// reference reads a `reference`. Its object and by may be left out where the
// attribute says them by itself; Bind knows.
func (r *reader) reference(n *node) *referenceSpec {
	ref := &referenceSpec{at: n, missing: MissingReject, multiple: MultipleReject}
	said := r.fields(n, "a reference", fields{
		"object":   r.nodeInto(&ref.object),
		"by":       r.nodeInto(&ref.by),
		"missing":  func(n *node) { r.missing(n, ref) },
		"multiple": func(n *node) { wordInto(r, n, &ref.multiple, MultipleReject, MultipleOldest, MultipleNewest) },
		"create":   func(n *node) { ref.create, ref.createAt = r.values(n), n },
	})
	if create, ok := said["create"]; ok && ref.missing != MissingCreate {
		if _, tells := said["missing"]; !tells || ref.missingAt != nil {
			r.mistake(create.name(), codeConflict, "add missing: create, or remove create:", "create: counts only with missing: create")
		}
	}
	return ref
}

// missing reads a word, or {use: KEY}.
func (r *reader) missing(n *node, ref *referenceSpec) {
	if n.kind == mapping {
		said := r.fields(n, quote("missing"), fields{"use": r.nodeInto(&ref.use)})
		if _, ok := said["use"]; !ok && len(n.entries) == 0 {
			r.mistake(n, codeMissingKey, "write  missing: {use: KEY}", "missing says nothing")
		}
		ref.missing, ref.missingAt = MissingUse, n
		return
	}
	if n.text == string(MissingUse) && n.kind == scalar {
		r.mistake(n, codeMissingKey, "write  missing: {use: KEY}", "missing: use does not say which key")
		return
	}
	if wordInto(r, n, &ref.missing, MissingReject, MissingSkip, MissingCreate) {
		ref.missingAt = n
	}
}
