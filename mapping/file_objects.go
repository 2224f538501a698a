package mapping

import "slices"

// Objects lists the objects whose attributes Bind needs, by slug or id as the
// mapping names them: its own and those that it refers to. Where an attribute
// of a standard object has no `reference`, the object that it stands for is
// among them. [schema.WorkspaceMembers] is listed if members are looked up.
func (f *File) Objects() []string {
	var out []string
	f.walk(f.Object, f.values, func(object, _ string) {
		if object != "" && !slices.Contains(out, object) {
			out = append(out, object)
		}
	})
	return out
}

// Attributes lists the attributes of an object that the mapping uses, by slug
// or id as the mapping names them: those whose options Bind needs to know, and the marker.
func (f *File) Attributes(object string) []string {
	var out []string
	f.walk(f.Object, f.values, func(o, attribute string) {
		if o == object && attribute != "" && !slices.Contains(out, attribute) {
			out = append(out, attribute)
		}
	})
	if m := f.marker; m != nil && object == f.Object && !slices.Contains(out, m.text) {
		out = append(out, m.text)
	}
	return out
}

// walk visits each object with each of its attributes that values use.
func (f *File) walk(object string, values []valueSpec, visit func(object, attribute string)) {
	visit(object, "")
	for i := range values {
		v := &values[i]
		visit(object, v.key.text)
		explicit := false
		for j := range v.sources {
			if r := v.sources[j].reference; r != nil {
				f.walkReference(r, object, v.key.text, visit)
				explicit = true
			}
		}
		if !explicit {
			target := standardTarget(object, v.key.text)
			if target != "" {
				visit(target, naturalKey(target))
			}
		}
	}
}

func (f *File) walkReference(r *referenceSpec, object, attribute string, visit func(object, attribute string)) {
	target := standardTarget(object, attribute)
	if r.object != nil {
		target = r.object.text
	}
	by := naturalKey(target)
	if r.by != nil {
		by = r.by.text
	}
	visit(target, by)
	if len(r.create) > 0 {
		f.walk(target, r.create, visit)
	}
}
