// Package mapping binds a mapping file to a sheet's header and an object's
// attributes, turns rows into records, and says what of a record Attio does not
// have yet. It reads no file and no network: text and cells go in, data comes
// out.
//
// # Model
//
// [Parse] reads the text of a mapping file into a [File]: its `values` have the
// shape of `data.values` in the API's request, with the place that each value
// comes from where the value would stand. [Bind] puts a File, a header and a
// [schema.Schema] together into a [Plan], which does not change any more. The
// Plan makes a [Record] of each row ([Plan.Row]), without looking anything up by
// name. A look-up that lives elsewhere replaces the references of a Record by
// values and sets what exists; [Plan.Decide] then says what to send, and
// [AppendValues] how.
//
// # Mistakes
//
// A mapping file is written by a person, so all that is wrong with it is told
// at once, as [Mistakes]: each with line, column, the line itself with a caret,
// and what was probably meant. Parse finds those that need neither header nor
// schema and gives the File beside them; Bind repeats them and adds its own.
// Only a text that is no YAML gives no File. What follows from a mistake that
// was told (a required attribute whose name is misspelt) is not told again.
//
// Things that work but may surprise are warnings: a match or `by` that is not
// unique in Attio, an option without effect, and with the built-in schema
// whatever that cannot know.
//
// # What YAML means here
//
// Scalars are texts as they are written: a column may be called no, on, 2024 or
// NULL without quotes. Refused are anchors, aliases, merge keys, tags, keys
// that are no texts, keys that stand twice, a second document, more than 256
// KiB, and nesting deeper than 64 levels; size and nesting are checked before
// the parser sees the text.
//
// # The grammar
//
//	version      1; may be left out
//	workspace    slug of the workspace that the token must belong to
//	object       slug or id; may also be set in the File before Bind
//	mode         create, update, upsert; must be said, or follows from match (upsert)
//	match        attribute that identifies a record, or a list of them; each must be mapped
//	marker       text attribute that new records get <run>-<row> in, so that a row without a key can be found again
//	duplicates   reject (default), last
//	blank        skip (default), clear; also per value
//	blank_key    reject (default with match), create (default without)
//	null_values  cells that count as blank; a value's own list replaces it
//	timezone     IANA name, for times without a zone of their own; also per value
//	values       attribute: value
//
// A value is a source, a list of sources for a multi-valued attribute, or a map
// of parts for a name or a location. The two kinds of map are told apart by
// their keys, which have none in common; mixing them is a mistake, except that
// `blank` may stand beside parts. A source is a column's name, or a map of
//
//	column       name, "#7" for the seventh column, or a list: the first that the header has
//	constant     a text instead of a column
//	default      stands in for a blank cell; never overwrites what a record has
//	trim         true (default), false: spaces and invisible characters around the text
//	null_values  as above; an empty list takes the file's away
//	split        separator of several values in one cell
//	map          {cell: value}; null for blank; "*" for all else: keep (default), reject, skip, or a value
//	decimal      "." (default) or ","
//	currency     ISO 4217 code that amounts must be in
//	layout       how dates and times are written, or a list
//	timezone     as above
//	country      of phone numbers: a country, or {column, default}
//	invalid      reject (the row; default), skip (the value, with a warning)
//	blank        as above
//	reference    {object, by, missing, create, multiple}
//
// Names of columns are exactly those of the header: one that differs by case or
// spaces is a mistake with a suggestion, not a match. A column that stands twice
// in the header, or has no name, can be mapped by its position only.
//
// A reference to one kind of record may leave out its object, and `by` where
// that is a standard object: companies are looked up by domains, people by
// email_addresses, users by primary_email_address, workspaces by workspace_id,
// workspace members by email (or name, or id). `missing` is reject (default),
// skip, create or {use: KEY}; `multiple` is reject (default), oldest or newest.
//
// Refused because this version does not carry it out: duplicates: merge,
// on_existing, a match on a reference, and missing: create inside create.
//
// # The order of steps
//
// Trim, null, split, map, convert; the look-up of references comes later. The
// pieces of a split cell are trimmed and compared with null_values like cells,
// and blank ones dropped. A map finds a text as it stands, else without regard
// to case. Values of one attribute keep their order; one that is there already,
// in whatever spelling, is dropped.
//
// A default counts only if no source of the attribute has a value, and not in
// place of one that was left out for `invalid: skip`. A value with parts is
// blank if all its cells are, whatever its constants are; its defaults then
// stand in. blank: clear empties an attribute only if all its cells are blank.
//
// # Values with parts in an update
//
// The API replaces a name or a location as a whole, so parts that a row does not
// give (not mapped, or blank) are sent as they are stored. With blank: clear a
// blank cell empties its part; parts that are not mapped stay, unless all cells
// are blank, which empties the attribute. A default of a part yields to the
// stored part. A full name is put together anew from first and last name where
// those change, unless it is given; alone it is a whole name, which replaces,
// as a whole text in one column does.
//
// Coordinates that a row does not give stay as long as the place does: where a
// stored part of the address is replaced or cleared, both are removed, since
// they would point at another place. A part that is merely added, or written in
// another case, moves nothing.
//
// # Keys
//
// The keys of a record are all values of the attributes in `match`; without
// one, of the mapped attributes that are unique in Attio. A row whose keys are
// all blank is refused (blank_key) where the mapping has a match, unless it says
// blank_key: create. In mode update, an attribute that cannot be written, such
// as record_id, may be the match: it is a key and not a field.
//
// # The marker
//
// A create whose answer got lost can be found again by a unique value or by a
// key; a row without either only by what the run itself wrote into the record.
// So a mapping may name a text attribute for that. It is no field and no key: it is
// written only where a record is made ([Record.Marker]), is never compared or updated, and
// says nothing to other runs.
//
// # What is left open
//
// All problems of a row are told, errors and warnings, so a Record with an
// error is still filled as far as it goes; [Record.Failed] tells. Values that
// only the workspace can judge pass where the schema does not know them:
// attributes of unknown type take any text, selects any option
// ([Plan.Unchecked]). A location in one text counts as unchanged where the parts
// that Attio stores are its words ([value.SamePlace]); any other is sent by
// every update, and Bind warns.
//
// The package holds no state but what its values hold, so a crash leaves
// nothing of it behind.
package mapping
