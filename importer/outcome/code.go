package outcome

// Codes that the program itself gives. Those of single values (invalid_date,
// invalid_email, ...) are declared by the package that converts values.
const (
	// Reading the source.
	RaggedRow       Code = "ragged_row"       // more or fewer cells than the header
	BrokenQuote     Code = "broken_quote"     // a line in a stretch that strict CSV quoting cannot read
	InvalidEncoding Code = "invalid_encoding" // a cell that is not UTF-8
	RowTooLong      Code = "row_too_long"     // a line that is longer than any row may be
	BlankRow        Code = "blank_row"        // no cell filled: skipped

	// Mapping a row.
	MissingValue     Code = "missing_value"     // a required attribute got no value; also the API's own code
	BlankKey         Code = "blank_key"         // the match key is blank
	DuplicateKey     Code = "duplicate_key"     // another row has the match key too, or is about the same record
	Superseded       Code = "superseded"        // a later row has the same key, and the last one counts: skipped
	NotInMap         Code = "not_in_map"        // the mapping's map does not name the value
	TooManyValues    Code = "too_many_values"   // several values for an attribute that holds one
	CurrencyMismatch Code = "currency_mismatch" // the cell names another currency than the attribute has

	// Looking up.
	ReferenceNotFound  Code = "reference_not_found" // no record has the key that the cell names
	ReferenceAmbiguous Code = "reference_ambiguous" // several records have it
	KeyAmbiguous       Code = "key_ambiguous"       // a record's key differs from the row's by case only
	NoMatch            Code = "no_match"            // update mode found no record to update
	AmbiguousMatch     Code = "ambiguous_match"     // several records match the row's keys

	// Writing. UniquenessConflict is the API's code; the program gives it too,
	// before a write is spent, where a look-up already shows the holder.
	UniquenessConflict Code = "uniqueness_conflict"
	ReferenceNotMade   Code = "reference_not_created" // the missing record that the mapping wants could not be created
	AnswerLost         Code = "answer_lost"           // the write may have happened; no answer came
	NotSent            Code = "not_sent"              // the run ended before the row's write could leave
	ChangedSince       Code = "changed_since"         // somebody changed the record while a lost answer was open: skipped
	DeletedSince       Code = "deleted_since_lookup"  // the record was deleted, or merged away, since it was looked up
	ConflictNotVisible Code = "conflict_not_visible"  // a value belongs to another record, and no look-up shows it
	MarkerTwice        Code = "marker_twice"          // a warning: several records have the row's marker
	Dropped            Code = "dropped"               // an unknown row that the user gave up: skipped
)
