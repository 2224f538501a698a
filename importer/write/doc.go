// Package write brings a resolved record into the workspace with the one call
// that it needs, or none.
//
// # Model
//
// [Writer.Write] asks the mapping's plan what a record needs:
//
//	nothing found        POST
//	found, differs       PATCH by record id, the changed attributes only
//	found, says it all   no call
//
// Before that it waits for the earlier rows of the sheet that the row refers to,
// and makes the records that its references lack, where the
// mapping wants them created: each key once in a run, however many rows and
// workers ask, and whoever comes meanwhile waits. One that cannot be made
// costs every row that asks for it, with the API's reason
// (reference_not_created), and is not tried again.
//
// A [Planner] decides likewise and sends nothing.
//
// # Coming second
//
// A new record is a POST, never an assert, so that a conflict is told and
// nothing of somebody else's is overwritten. On uniqueness_conflict the holder is looked up
// by the row's keys and its other unique values. In upsert mode, if the holder
// has the row's key, somebody was first and the row becomes an update, unless
// another row of the run is about that record (duplicate_key: of two rows that
// come second to the same record, the first worker's has it); else the row is
// rejected with the holder's URL.
//
// # Lost answers
//
// A call that was cut off may have happened. It is never sent again. After a
// quiet time a create is looked up by its keys and an update by what stands in
// the record now. A record that appeared meanwhile and says all that was sent
// is the row's; one that says something else is somebody's, and the row, in an
// upsert, comes second to it. What that does not settle, a record without keys above
// all, ends as unknown (answer_lost), because rejects are retried and
// unknown rows must not be.
//
// # Problems and errors
//
// A refusal of the API is the row's problem, under the API's own code, with
// attribute ids replaced by titles and slugs, the column, the value and a
// hint. Write returns an error besides the outcome where no other row can
// succeed: the token or the workspace's plan is refused (errors.As finds the
// *attio.Error), the network stays away, the context is over. That holds for
// look-ups too: one that is refused, or finds a record that cannot be read,
// costs the row, which tells of it besides its own problem.
//
// # What it refuses, what a crash leaves
//
// The package keeps nothing on a disk. After a crash nobody knows which calls were
// under way; they may have happened. Running the import again is safe for rows with
// keys, whose records are found, and doubles rows without.
package write
