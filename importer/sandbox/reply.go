package sandbox

// replyOne answers {"data": ...} with what each yields.
func replyOne[T any](c *call, one T, each func([]byte, T) []byte) error {
	c.out = append(each(append(c.out, `{"data":`...), one), '}')
	return nil
}

// replyMany answers {"data": [...]}.
func replyMany[T any](c *call, list []T, each func([]byte, T) []byte) error {
	c.out = append(c.out, `{"data":`...)
	c.out = append(appendEach(c.out, list, each), '}')
	return nil
}

// replyNothing answers a deletion.
func replyNothing(c *call) error {
	c.out = append(c.out, "{}"...)
	return nil
}
