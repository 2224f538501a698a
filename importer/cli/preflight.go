package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// identify asks whose token it is.
func identify(ctx context.Context, api *attio.Client) (attio.Self, error) {
	self, err := api.Self(ctx)
	if err != nil {
		return self, fmt.Errorf("the token could not be checked: %w", err)
	}
	return self, nil
}

// preflight asks the workspace, before anything is written, whether the command
// can work at all: what the token may do, and what the objects look like.
func preflight(ctx context.Context, api *attio.Client, self attio.Self, k kind, files ...*mapping.File) (*schema.Schema, error) {
	scopes := []string{attio.ScopeSchemaRead}
	for _, file := range files {
		if err := checkWorkspace(self, file); err != nil {
			return nil, err
		}
		scopes = append(scopes, scopesFor(k, file)...)
	}
	if err := checkScopes(self, scopes); err != nil {
		return nil, err
	}
	described, err := api.Schema(ctx, objectsIn(files), attributesIn(files...))
	if err != nil {
		return nil, fmt.Errorf("the objects' attributes could not be read: %w", err)
	}
	if k != kindValidate && mapsMembers(described, files) {
		return described, checkScopes(self, []string{attio.ScopeMembersRead})
	}
	return described, nil
}

func checkScopes(self attio.Self, needed []string) error {
	missing := self.Missing(unrepeated(needed)...)
	if len(missing) == 0 {
		return nil
	}
	return failing(exitAuth,
		fmt.Errorf("the token may not do what the import needs; missing: %s", strings.Join(missing, ", ")),
		"in Attio, Workspace settings, Developers, edit the integration's scopes and try again")
}

func checkWorkspace(self attio.Self, file *mapping.File) error {
	want := file.Workspace
	if want == "" || strings.EqualFold(want, self.WorkspaceSlug) || want == self.WorkspaceID {
		return nil
	}
	return failing(exitAuth,
		fmt.Errorf("the mapping is for workspace %q, but the token belongs to %q (%s)", want, self.WorkspaceSlug, self.WorkspaceName),
		"use a token of that workspace, or change workspace: in the mapping")
}

// scopesFor lists what a command needs to be allowed, as far as the mapping
// alone shows it.
func scopesFor(k kind, file *mapping.File) []string {
	var scopes []string
	switch k {
	case kindRun:
		scopes = append(scopes, attio.ScopeRecordsWrite)
	case kindPlan:
		scopes = append(scopes, attio.ScopeRecordsRead)
	}
	if k != kindValidate && slices.Contains(file.Objects(), schema.WorkspaceMembers) {
		scopes = append(scopes, attio.ScopeMembersRead)
	}
	return scopes
}

// mapsMembers reports whether an attribute of the mappings refers to workspace
// members: the workspace's own attributes may, without a mapping saying so.
func mapsMembers(s *schema.Schema, files []*mapping.File) bool {
	for _, o := range s.Objects {
		for _, name := range attributesIn(files...)(o) {
			if a := o.Attribute(name); a != nil && a.Type == schema.ActorReference {
				return true
			}
		}
	}
	return false
}

// attributesIn lists the attributes that mappings use of an object, which they
// may name by slug, by id, or here so and there so.
func attributesIn(files ...*mapping.File) func(*schema.Object) []string {
	return func(o *schema.Object) []string {
		var names []string
		for _, file := range files {
			names = append(names, file.Attributes(o.Slug)...)
			names = append(names, file.Attributes(o.ID)...)
		}
		return unrepeated(names)
	}
}

func objectsIn(files []*mapping.File) []string {
	var names []string
	for _, file := range files {
		names = append(names, file.Objects()...)
	}
	return unrepeated(names)
}

// unrepeated keeps the first of equal names.
func unrepeated(names []string) []string {
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}
