package sandbox

// list is what a list has beside its table of entries.
type list struct {
	name   string
	parent *table
	access string // workspace_access; "" is null
	grants []grant
	by     int // actor
}

// grant gives one member access to a list.
type grant struct {
	Member uuid   `json:"workspace_member_id"`
	Level  string `json:"level"`
}

const (
	entrySlug  = "entry_id"
	parentSlug = "parent_record"
)
