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

// preflight asks the workspace, before anything is written, whether the command
// can work at all: whose token it is, what it may do, and what the objects look like.
func preflight(ctx context.Context, api *attio.Client, file *mapping.File, k kind) (attio.Self, *schema.Schema, error) {
	self, err := api.Self(ctx)
	if err != nil {
		return self, nil, fmt.Errorf("the token could not be checked: %w", err)
	}
	if err := checkWorkspace(self, file); err != nil {
		return self, nil, err
	}
	if err := checkScopes(self, scopesFor(k, file)); err != nil {
		return self, nil, err
	}
	described, err := api.Schema(ctx, file.Objects(), attributesIn(file))
	if err != nil {
		return self, nil, fmt.Errorf("the objects' attributes could not be read: %w", err)
	}
	if k != kindValidate && mapsMembers(file, described) {
		return self, described, checkScopes(self, []string{attio.ScopeMembersRead})
	}
	return self, described, nil
}

func checkScopes(self attio.Self, needed []string) error {
	missing := self.Missing(needed...)
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
	scopes := []string{attio.ScopeSchemaRead}
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

// mapsMembers reports whether an attribute of the mapping refers to workspace
// members: the workspace's own attributes may, without the mapping saying so.
func mapsMembers(file *mapping.File, s *schema.Schema) bool {
	for _, o := range s.Objects {
		for _, name := range attributesIn(file)(o) {
			if a := o.Attribute(name); a != nil && a.Type == schema.ActorReference {
				return true
			}
		}
	}
	return false
}

// attributesIn lists the attributes that a mapping uses of an object, which it
// may name by slug, by id, or here so and there so.
func attributesIn(file *mapping.File) func(*schema.Object) []string {
	return func(o *schema.Object) []string {
		return append(file.Attributes(o.Slug), file.Attributes(o.ID)...)
	}
}
