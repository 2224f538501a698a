package outcome

import (
	"encoding/json"
	"time"
)

// Verb is a kind of write.
type Verb string

// The verbs of an [Intent].
const (
	Create Verb = "create"
	Update Verb = "update"
)

// Intent is a write that is about to leave. It goes on record before the write
// does, so that after a crash it is known what may have happened.
type Intent struct {
	Row  int
	Verb Verb
	Key  string // the row's key, or its marker, for a person who reads the journal; may be empty

	// RecordID is the record of an update, Before what stood there: by attribute
	// slug the JSON of the values, in the form in which they would be written. Only the
	// attributes that the update changes.
	RecordID string
	Before   map[string]json.RawMessage

	// Reference says that the write does not make the row's own record but one that
	// the row refers to: "companies/domains/acme.com". Then the intent stands for
	// itself: the row has, or will have, another one.
	Reference string

	// At is the server's time of the look-up that the intent rests on; zero
	// where nothing was looked up. A record that is older was made by somebody else.
	At time.Time
}

// Sent is what is known of a row that may have been written: it has an intent,
// and no answer that tells. Such a row stays a "maybe" until a look-up after
// the quiet time settles it, whatever is answered meanwhile.
type Sent struct {
	Intent           // the last one
	First  time.Time // At of the first intent to create; zero where there is none, or it is not known
	Until  time.Time // not to be looked up before, by this machine's clock: the request may still be on its way
	Tries  int       // answers that got lost
	// Earlier is how many of the Tries are intents of processes that are dead: with
	// another token perhaps, and perhaps they never left.
	Earlier int
	Err     error // the last of them; nil where a process ended before the answer came
	// Made is the record that an answer named after others had got lost, and MadeURL its
	// address: the row is written, and only whether it was written twice is open.
	Made, MadeURL string
}
