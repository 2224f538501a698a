package attio

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"
	"golang.org/x/sync/errgroup"

	"attio-import/mapping/schema"
)

// attributePage is how many attributes are asked for at a time. The API names
// no default and no maximum.
const attributePage = 500

// list reads all elements of an endpoint that answers with a list.
func (c *Client) list(ctx context.Context, query string, segments []string, each func(gjson.Result)) error {
	u, err := c.endpoint(segments...)
	if err != nil {
		return err
	}
	u.RawQuery = query
	_, err = c.do(ctx, &call{method: http.MethodGet, url: u, accept: func(body []byte) error {
		elements, err := parseList(body)
		for _, e := range elements {
			each(e)
		}
		return err
	}})
	return err
}

// Objects lists the objects of the workspace, without their attributes. A
// standard object that is not enabled is not among them.
func (c *Client) Objects(ctx context.Context) ([]*schema.Object, error) {
	var objects []*schema.Object
	err := c.list(ctx, "", []string{"objects"}, func(o gjson.Result) {
		objects = append(objects, &schema.Object{
			ID:       o.Get("id.object_id").String(),
			Slug:     o.Get("api_slug").String(),
			Singular: o.Get("singular_noun").String(),
			Plural:   o.Get("plural_noun").String(),
		})
	})
	return objects, err
}

// Attributes lists the attributes of an object, without archived ones and
// without options. Targets holds the ids of objects, as the API gives them;
// [Client.Schema] has the slugs.
func (c *Client) Attributes(ctx context.Context, object string) ([]*schema.Attribute, error) {
	var attributes []*schema.Attribute
	seen := map[string]bool{} // a server that ignores the offset must not send us round for ever
	for offset := 0; ; offset += attributePage {
		count, fresh := 0, 0
		query := "limit=" + strconv.Itoa(attributePage) + "&offset=" + strconv.Itoa(offset)
		err := c.list(ctx, query, []string{"objects", object, "attributes"}, func(a gjson.Result) {
			count++
			id := a.Get("id.attribute_id").String()
			if seen[id] {
				return
			}
			seen[id] = true
			fresh++
			if !a.Get("is_archived").Bool() {
				attributes = append(attributes, attributeFrom(a))
			}
		})
		if err != nil || count < attributePage || fresh == 0 {
			return attributes, err
		}
	}
}

func attributeFrom(a gjson.Result) *schema.Attribute {
	attr := &schema.Attribute{
		ID:           a.Get("id.attribute_id").String(),
		Slug:         a.Get("api_slug").String(),
		Title:        a.Get("title").String(),
		Type:         schema.Type(a.Get("type").String()),
		Required:     a.Get("is_required").Bool(),
		Unique:       a.Get("is_unique").Bool(),
		Multi:        a.Get("is_multiselect").Bool(),
		Writable:     a.Get("is_writable").Bool(),
		HasDefault:   a.Get("is_default_value_enabled").Bool(),
		CurrencyCode: a.Get("config.currency.default_currency_code").String(),
	}
	for _, id := range a.Get("config.record_reference.allowed_object_ids").Array() {
		attr.Targets = append(attr.Targets, id.String())
	}
	return attr
}

// Options lists the options of a select attribute, without archived ones.
func (c *Client) Options(ctx context.Context, object, attribute string) ([]schema.Option, error) {
	return c.choices(ctx, object, attribute, "options", "id.option_id")
}

// Statuses lists the statuses of a status attribute, without archived ones.
func (c *Client) Statuses(ctx context.Context, object, attribute string) ([]schema.Option, error) {
	return c.choices(ctx, object, attribute, "statuses", "id.status_id")
}

func (c *Client) choices(ctx context.Context, object, attribute, kind, id string) ([]schema.Option, error) {
	var options []schema.Option
	err := c.list(ctx, "", []string{"objects", object, "attributes", attribute, kind}, func(o gjson.Result) {
		if !o.Get("is_archived").Bool() {
			options = append(options, schema.Option{ID: o.Get(id).String(), Title: o.Get("title").String()})
		}
	})
	return options, err
}

// Member is a member of the workspace.
type Member struct{ ID, FirstName, LastName, Email string }

// Members lists the members of the workspace.
func (c *Client) Members(ctx context.Context) ([]Member, error) {
	var members []Member
	err := c.list(ctx, "", []string{"workspace_members"}, func(m gjson.Result) {
		members = append(members, Member{
			ID:        m.Get("id.workspace_member_id").String(),
			FirstName: m.Get("first_name").String(),
			LastName:  m.Get("last_name").String(),
			Email:     m.Get("email_address").String(),
		})
	})
	return members, err
}

// Schema reads what a pre-flight needs: all objects of the workspace; of
// those named in objects, by slug or id, the attributes; and of the
// attributes that optionsOf names for such an object, by slug or id, the options
// or statuses. A name that no object has, and [schema.WorkspaceMembers], is left
// out: the schema then shows that the object is missing. Objects that were not
// named come without attributes. optionsOf may be nil; it is called by one
// goroutine at a time, with objects whose attributes are read.
func (c *Client) Schema(ctx context.Context, objects []string, optionsOf func(*schema.Object) []string) (*schema.Schema, error) {
	all, err := c.Objects(ctx)
	if err != nil {
		return nil, err
	}
	s := &schema.Schema{Objects: all, Complete: true}
	named := slices.DeleteFunc(slices.Clone(all), func(o *schema.Object) bool {
		return !slices.Contains(objects, o.Slug) && !slices.Contains(objects, o.ID)
	})
	if err := c.readAttributes(ctx, s, named); err != nil {
		return nil, err
	}
	if optionsOf == nil {
		return s, nil
	}
	if err := c.readOptions(ctx, named, optionsOf); err != nil {
		return nil, err
	}
	return s, nil
}

func (c *Client) readAttributes(ctx context.Context, s *schema.Schema, objects []*schema.Object) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for _, o := range objects {
		group.Go(func() (err error) {
			o.Attributes, err = c.Attributes(ctx, o.Slug)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, o := range objects {
		for _, a := range o.Attributes {
			nameTargets(s, a)
		}
	}
	return nil
}

// nameTargets turns the ids of an attribute's targets into slugs. An object
// that is not enabled keeps its id: without it the attribute would seem to
// take any object.
func nameTargets(s *schema.Schema, a *schema.Attribute) {
	for i, id := range a.Targets {
		if o := s.Object(id); o != nil {
			a.Targets[i] = o.Slug
		}
	}
}

func (c *Client) readOptions(ctx context.Context, objects []*schema.Object, optionsOf func(*schema.Object) []string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for _, o := range objects {
		for _, name := range optionsOf(o) {
			a := o.Attribute(name)
			if a == nil || a.OptionsKnown || a.Type != schema.Select && a.Type != schema.Status {
				continue
			}
			a.OptionsKnown = true
			group.Go(func() error { return c.readChoices(ctx, o, a) })
		}
	}
	return group.Wait()
}

func (c *Client) readChoices(ctx context.Context, o *schema.Object, a *schema.Attribute) (err error) {
	if a.Type == schema.Status {
		a.Options, err = c.Statuses(ctx, o.Slug, a.Slug)
	} else {
		a.Options, err = c.Options(ctx, o.Slug, a.Slug)
	}
	return err
}
