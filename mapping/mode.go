package mapping

// Mode says what a run may do with records.
type Mode string

// The modes of a mapping.
const (
	Create Mode = "create" // make new records; a key that a record has already is refused
	Update Mode = "update" // change records that exist; a row that finds none is refused
	Upsert Mode = "upsert" // update what the key finds, create the rest
)

// creates reports whether a row may become a new record.
func (m Mode) creates() bool { return m != Update }

// Duplicates says what to do about rows of one file that have the same key.
type Duplicates string

// What a mapping may say under `duplicates`; the default is DuplicatesReject.
const (
	DuplicatesReject Duplicates = "reject" // all of them are invalid, each naming the others
	DuplicatesLast   Duplicates = "last"   // the last one counts, the earlier ones are skipped
)
