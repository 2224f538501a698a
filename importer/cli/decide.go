package cli

import "context"

func (s *session) decide(context.Context, string) error { return nil }
