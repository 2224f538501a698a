package sandbox

func listMembers(s *store, c *call) error {
	return replyMany(c, s.members, s.appendMember)
}

func getMember(s *store, c *call) error {
	id, _ := parseID(c.args[0])
	m := s.memberByID(id)
	if m == nil {
		return notFound("Workspace member with ID %q not found.", c.args[0])
	}
	return replyOne(c, m, s.appendMember)
}

func (s *store) appendMember(b []byte, m *member) []byte {
	b = append(b, `{"id":{`...)
	b = appendID(b, "workspace_id", s.id)
	b = append(appendID(b, "workspace_member_id", m.ID), '}')
	b = appendStringField(b, "first_name", m.First)
	b = appendStringField(b, "last_name", m.Last)
	b = appendNullable(b, "avatar_url", m.Avatar)
	b = appendStringField(b, "email_address", m.Email)
	b = appendStringField(b, "access_level", m.Level)
	return append(appendTimeField(b, "created_at", m.Created), '}')
}
