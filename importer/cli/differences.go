package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"attio-import/importer/journal"
	"attio-import/importer/report"
	"attio-import/mapping/schema"
	"attio-import/samples"
)

// differences are the ways in which what is here now is not what a run began
// with. Whoever has to mend them wants to know them all at once.
type differences []string

func (d *differences) add(what, format string, args ...any) {
	*d = append(*d, what+": "+fmt.Sprintf(format, args...))
}

// refuse is the error that names them; nil if there are none.
func (d differences) refuse(run, hint string) error {
	if len(d) == 0 {
		return nil
	}
	return usage(fmt.Errorf("run %s cannot be gone on with, as not everything is as it was:\n  %s", run, strings.Join(d, "\n  ")), hint)
}

// api compares where the run wrote with where this command line would.
func (d *differences) api(began string, opts *options) {
	switch now := opts.origin(); {
	case now == began:
	case began == sandboxOrigin:
		d.add("api", "the run wrote to its embedded sandbox, not to %s", now)
	case now == sandboxOrigin:
		d.add("api", "the run wrote to %s, not to an embedded sandbox", began)
	default:
		d.add("api", "the run wrote to %s, not to %s", began, now)
	}
}

// source compares a sheet, path being where it is now; empty for a sample.
func (d *differences) source(s journal.Source, path string) {
	text, err := openSheet(s, path)
	if errors.Is(err, fs.ErrNotExist) {
		d.add("source", "%s is not there any more", orName(path, s))
		return
	}
	if err != nil {
		d.add("source", "%v", err)
		return
	}
	defer text.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, text)
	switch now := fmt.Sprintf("sha256:%x", sum.Sum(nil)); {
	case err != nil:
		d.add("source", "%v", err)
	case size != s.Size:
		d.add("source", "%s has changed: %d bytes, and had %d", orName(path, s), size, s.Size)
	case now != s.Fingerprint:
		d.add("source", "%s has changed: its fingerprint is %s, and was %s", orName(path, s), now, s.Fingerprint)
	}
}

func openSheet(s journal.Source, path string) (io.ReadCloser, error) {
	if path != "" {
		return os.Open(path)
	}
	sample, err := samples.Open(filepath.ToSlash(s.Name))
	return io.NopCloser(strings.NewReader(string(sample))), err
}

func orName(path string, s journal.Source) string {
	if path == "" {
		return s.Name
	}
	return path
}

// mapping compares the mapping that the run is at with the file that the user
// names or, if they name none, with the file that it came from.
func (d *differences) mapping(m journal.Mapping, named string) {
	name := named
	if name == "" {
		if name = m.Path; name == "" || !onDisk(name) {
			return // the journal has the text
		}
	}
	text, err := readInput(name)
	switch {
	case err != nil:
		d.add("mapping", "%v", err)
	case fingerprint(text) != m.Fingerprint && named != "":
		d.add("mapping", "%s is not the mapping that the run is at, which was %s", name, m.Name)
	case fingerprint(text) != m.Fingerprint:
		d.add("mapping", "%s has changed since", name)
	}
}

// workspace compares whose token it is.
func (d *differences) workspace(began journal.Workspace, id, name string) {
	if id != began.ID {
		d.add("workspace", "the token belongs to %q (%s), the run wrote to %q (%s)", name, id, began.Name, began.ID)
	}
}

// schema compares the attributes that the run uses. Options are compared by
// the first pass: they matter only if a row has one that is gone.
func (d *differences) schema(began []*schema.Object, now *schema.Schema) {
	for _, o := range began {
		same := now.Object(o.ID)
		if same == nil {
			d.add("schema", "the object %s is not there any more", o.Slug)
			continue
		}
		for _, a := range o.Attributes {
			d.attribute(o, a, same.Attribute(a.ID))
		}
	}
}

func (d *differences) attribute(o *schema.Object, began, now *schema.Attribute) {
	name := o.Slug + "." + began.Slug
	if now == nil {
		d.add("schema", "the attribute %s is not there any more", name)
		return
	}
	for _, trait := range []struct {
		what       string
		began, now any
	}{
		{"its slug", began.Slug, now.Slug},
		{"its type", began.Type, now.Type},
		{"several values", began.Multi, now.Multi},
		{"unique", began.Unique, now.Unique},
		{"required", began.Required, now.Required},
		{"writable", began.Writable, now.Writable},
		{"its currency", began.CurrencyCode, now.CurrencyCode},
	} {
		if trait.began != trait.now {
			d.add("schema", "the attribute %s has changed: %s was %v, and is %v", name, trait.what, trait.began, trait.now)
		}
	}
}

// goneOptions names the options of selects and statuses that are not there any more.
func goneOptions(began []*schema.Object, now *schema.Schema) (gone []string) {
	for _, o := range began {
		for _, a := range o.Attributes {
			for _, option := range a.Options {
				if same := now.Object(o.ID).Attribute(a.ID); !slices.Contains(same.Options, option) {
					gone = append(gone, fmt.Sprintf("%s.%s: %q", o.Slug, a.Slug, report.Clean(option.Title)))
				}
			}
		}
	}
	return gone
}
