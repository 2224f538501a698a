package sandbox

// note is a note on a record.
type note struct {
	ID      uuid   `json:"id"`
	Table   int    `json:"table"`
	Record  uuid   `json:"record"`
	Title   string `json:"title"`
	Plain   string `json:"plain"`
	Mark    string `json:"markdown"`
	Meeting *uuid  `json:"meeting,omitempty"`
	By      int    `json:"by"`
	Created int64  `json:"created"`
	Deleted bool   `json:"deleted,omitempty"`
}

func (s *store) putNote(n *note) {}
