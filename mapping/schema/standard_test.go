package schema

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorded is an attribute as the API lists it, as far as a schema holds it.
type recorded struct {
	Title        string `json:"title"`
	Slug         string `json:"api_slug"`
	Type         Type   `json:"type"`
	System       bool   `json:"is_system_attribute"`
	Writable     bool   `json:"is_writable"`
	Required     bool   `json:"is_required"`
	Unique       bool   `json:"is_unique"`
	Multi        bool   `json:"is_multiselect"`
	HasDefault   bool   `json:"is_default_value_enabled"`
	Archived     bool   `json:"is_archived"`
	Relationship *struct {
		Object string `json:"object_slug"`
	} `json:"relationship"`
	Config struct {
		Currency struct {
			Code *string `json:"default_currency_code"`
		} `json:"currency"`
	} `json:"config"`
}

func (r recorded) attribute() *Attribute {
	a := &Attribute{Title: r.Title, Slug: r.Slug, Type: r.Type, Writable: r.Writable, Required: r.Required,
		Unique: r.Unique, Multi: r.Multi, HasDefault: r.HasDefault, Archived: r.Archived}
	if r.Relationship != nil {
		a.Targets = []string{r.Relationship.Object}
	}
	if r.Config.Currency.Code != nil {
		a.CurrencyCode = *r.Config.Currency.Code
	}
	return a
}

// The built-in attributes are those that a workspace really returned, if the
// recording lies beside the checkout.
func TestStandardAgreesWithARecording(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/recorded-attributes.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no recording of a workspace's attributes beside the checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	var objects map[string][]recorded
	if err := json.Unmarshal(raw, &objects); err != nil {
		t.Fatal(err)
	}
	// Attributes that a workspace has only with Users or Workspaces turned on.
	beyond := map[string]bool{"associated_users": true, "associated_workspaces": true}
	for slug, list := range objects {
		var want, got []*Attribute
		for _, r := range list {
			if r.System {
				want = append(want, r.attribute())
			}
		}
		for _, a := range Standard().Object(slug).Attributes {
			if !beyond[a.Slug] {
				got = append(got, a)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-recorded +built in):\n%s", slug, diff)
		}
	}
}

func TestStandardIsOpen(t *testing.T) {
	s := Standard()
	if s.Complete {
		t.Error("Complete: a workspace may have more than the built-in schema knows")
	}
	for _, o := range s.Objects {
		for _, a := range o.Attributes {
			if a.OptionsKnown || a.Options != nil {
				t.Errorf("%s.%s claims to know its options", o.Slug, a.Slug)
			}
			if (a.Type == RecordReference) != (len(a.Targets) > 0) {
				t.Errorf("%s.%s: type %s with targets %v", o.Slug, a.Slug, a.Type, a.Targets)
			}
			for _, target := range a.Targets {
				if s.Object(target) == nil {
					t.Errorf("%s.%s points to %s, which is not there", o.Slug, a.Slug, target)
				}
			}
		}
	}
}

func TestStandardIsFresh(t *testing.T) {
	Standard().Object("people").Attribute("name").Required = true
	if Standard().Object("people").Attribute("name").Required {
		t.Error("a change to one schema shows in the next")
	}
}

func TestStandardFacts(t *testing.T) {
	s := Standard()
	for _, tt := range []struct {
		object, attribute string
		want              Attribute
	}{
		{"deals", "stage", Attribute{Slug: "stage", Title: "Deal stage", Type: Status, Required: true, Writable: true}},
		{"deals", "owner", Attribute{Slug: "owner", Title: "Deal owner", Type: ActorReference, Required: true, Writable: true}},
		{"users", "user_id", Attribute{Slug: "user_id", Title: "User ID", Type: Text, Required: true, Unique: true, Writable: true}},
		{"users", "primary_email_address", Attribute{Slug: "primary_email_address", Title: "Primary email address", Type: EmailAddress,
			Required: true, Unique: true, Writable: true}},
		{"workspaces", "workspace_id", Attribute{Slug: "workspace_id", Title: "Workspace ID", Type: Text, Required: true, Unique: true, Writable: true}},
		{"workspaces", "users", Attribute{Slug: "users", Title: "Users", Type: RecordReference, Multi: true, Writable: true, Targets: []string{"users"}}},
		{"workspaces", "company", Attribute{Slug: "company", Title: "Company", Type: RecordReference, Writable: true, Targets: []string{"companies"}}},
	} {
		if diff := cmp.Diff(&tt.want, s.Object(tt.object).Attribute(tt.attribute)); diff != "" {
			t.Errorf("%s.%s (-want +got):\n%s", tt.object, tt.attribute, diff)
		}
	}
}
