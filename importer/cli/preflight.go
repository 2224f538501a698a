package cli

import (
	"context"
	"fmt"
	"strings"

	"attio-import/importer/attio"
	"attio-import/mapping"
	"attio-import/mapping/schema"
)

// preflight asks the workspace, before anything is written, whether the import
// can work at all: whose token it is, what it may do, and what the objects look like.
func preflight(ctx context.Context, api *attio.Client, file *mapping.File, writes bool) (attio.Self, *schema.Schema, error) {
	self, err := api.Self(ctx)
	if err != nil {
		return self, nil, fmt.Errorf("the token could not be checked: %w", err)
	}
	if err := checkWorkspace(self, file); err != nil {
		return self, nil, err
	}
	if missing := self.Missing(neededScopes(file, writes)...); len(missing) > 0 {
		return self, nil, failing(exitAuth,
			fmt.Errorf("the token may not do what the import needs; missing: %s", strings.Join(missing, ", ")),
			"in Attio, Workspace settings, Developers, edit the integration's scopes and try again")
	}
	described, err := api.Schema(ctx, file.Objects(), file.Attributes)
	if err != nil {
		return self, nil, fmt.Errorf("the objects' attributes could not be read: %w", err)
	}
	return self, described, nil
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

func neededScopes(file *mapping.File, writes bool) []string {
	scopes := []string{attio.ScopeRecordsRead, attio.ScopeSchemaRead}
	if writes {
		scopes[0] = attio.ScopeRecordsWrite
	}
	for _, object := range file.Objects() {
		if object == schema.WorkspaceMembers {
			scopes = append(scopes, attio.ScopeMembersRead)
		}
	}
	return scopes
}
