// Package resolve looks up what rows need to know of the workspace: the
// records that they refer to, and the records that they are about.
//
// # Model
//
// A [Resolver] takes records in windows of some hundreds. Of a window it
// gathers
//
//   - the keys of its references, per referenced object and attribute, that
//     the run has not asked for yet, and
//   - its match keys, per match attribute,
//
// and asks for them in chunks, several at once: with $in where the type of the
// attribute allows it (texts), else with an $or of equalities. Per attribute
// that costs at most one query for every 50 distinct keys of the sheet, and
// one more for every window.
//
// What a reference's key names is remembered for the whole run, as an id and
// nothing else; so the memory grows with the distinct keys of the references.
// A key that another window is asking for at the moment is waited for, not
// asked again. Match keys are forgotten with their window: they are distinct in
// a sheet, and what they find are whole records.
//
// # Equality
//
// A record that a query returns has a key only if one of its values has the same
// canonical form. A record whose value differs by case or by the composition
// of letters alone is counted neither as the same nor as absent: the row gets
// key_ambiguous, and nothing is written on a guess. (Whether the API compares
// texts by case is documented nowhere.)
//
// An answer with a record that has none of the keys, in any spelling, is most
// likely the answer to another question: it is asked for again, five times at
// most. If it stays so, the API finds more than was asked for, and the rest is dropped.
//
// # One row a record
//
// Keys are distinct in a sheet, but a record can have several: two domains, or
// values of two match attributes. The first row that is about a record keeps
// it, in source order and whatever becomes of that row; further ones get duplicate_key
// with the row's number and the record's URL. Where a record can have only one
// key, nothing is remembered for that. Records that the run creates need no such
// care: a row that finds one has a key in common with the row that made it.
//
// # Rows that may have been written
//
// A row whose answer got lost, in this process or in one that died, is looked
// up like any other, in the queries of its window: by its keys, by its unique
// values, and by its marker if it may have become a new record. It gets all
// records that have one of them to the letter, with who made them and when; to tell whose
// they are is the writer's part. Nothing is refused for what was found. Where a key cannot be looked
// up, or a record not be read, the row is in doubt, which is not the same as
// absent. Of every window the server's time is kept, by which its writes can be
// told from older records.
//
// # Rows that refer to rows
//
// Where records of the sheet's object can refer to each other (a company to its
// parent), a row may mean the record of another row of the same sheet. If that
// row comes earlier, the reference stays open until the earlier row has been
// written, however many workers there are, and a row that fails costs those
// that need it. A row that comes later has no record yet when the
// reference is looked up, in this run: the reference is missing, and found
// when the sheet is imported again. So parents belong above their children.
// That holds for references by the match keys or by unique attributes; by any
// other attribute a row finds what is written at the moment when it is looked up.
//
// # Limits of the API
//
// A query that the API refuses, because it is too complex or because one key
// in it makes no sense to it, is halved down to single keys. If smaller queries pass, the
// run keeps to their size; a single key that is refused costs the rows that
// name it and no others, and so does a record that came back for it and cannot
// be read. Pages are read to a short one, since attributes that
// are not unique can have more records than keys; a server that gives the same
// page again ends the run. Offsets can skip records
// that move while others delete; reading in order of creation keeps that to deletions.
//
// # Problems and errors
//
// What is wrong with a row (reference_not_found, reference_ambiguous,
// key_ambiguous, ambiguous_match, no_match, duplicate_key, unreadable_record,
// uniqueness_conflict in create mode) is put into the row. [Resolver.Resolve] returns an error only where no
// further row could be looked up.
//
// # What it refuses, what a crash leaves
//
// The package writes nothing, to the workspace or to a disk, so a crash leaves nothing
// behind. It never uses the search endpoint, whose answers lag, and never
// settles for the first of several records unless the mapping says which.
package resolve
