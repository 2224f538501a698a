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
// A row whose look-up is older than two minutes by then, because the machine slept or
// Attio was away, is looked up again before that is decided.
//
// # Coming second
//
// A new record is a POST, never an assert, so that a conflict is told and
// nothing of somebody else's is overwritten. On uniqueness_conflict the holder is looked up
// by the row's keys and its other unique values. In upsert mode, if the holder
// has the row's key, somebody was first and the row becomes an update, unless
// another row of the run is about that record (duplicate_key: of two rows that
// come second to the same record, the first worker's has it); else the row is
// rejected with the holder's URL, or as conflict_not_visible if none is seen
// within 10 s.
//
// An update of a record that is gone looks for the row's key once. Another
// record that has it is updated instead, which is what a merge leaves; where there is none, the
// row is rejected (deleted_since_lookup), and never made anew.
//
// # Lost answers
//
// A call that was cut off may have happened, and may even happen yet. Its row
// is parked: Write comes back at once, with [mapping.Record.Sent] saying what is open
// and until when it is to be left alone. Then the row is resolved and written
// again, and Write settles it first. A row that a dead process left open goes
// the same way; nothing here can tell the two apart. policy.go is the rule, of pure
// functions; settle.go carries it out.
//
// How long a row is left alone, and whether it may be sent again, goes by how its
// record can be found:
//
//	class     found by                                   quiet    absent after it
//	unique    a value that Attio allows once, or the id  5 s      sent again
//	findable  a key that is not unique, or the marker    120 s    sent again
//	keyless   nothing                                    -        unknown at once
//
// A findable row that was sent again and written is left alone once more, and looked
// up: should the first request have come after all, that shows (marker_twice, a warning).
//
// A lost create is the row's own ("created") if the record found has the row's
// key, was made by this token, and not before the server's time of the look-up before
// the row's first create. The marker proves it by itself; equal values prove
// nothing. Somebody else's record with the key makes the row an update, or is a
// conflict in create mode. One by this token that has only another unique value of the row may
// be another row's: unknown.
// Where an earlier row refers to the key and has its record made (missing: create), all that
// the row says must stand there besides; else the record counts as somebody else's.
//
// A lost update is read again. If all that was sent stands there, it is
// "updated"; if what stood there before still does, in the attributes that were to change, it is sent
// again, and only those; else somebody changed the record since, and the row is
// skipped (changed_since) rather than written over that.
//
// "Maybe" is sticky: once a row may have been written, no refusal (400, 404,
// 429) and no call that did not leave settles it, only a look-up. A row whose answers
// get lost ten times in one process is unknown.
//
// What a reference makes is settled within the row, by its key, while the worker waits:
// whoever made it, the record that has the key is the one that is meant.
//
// # What is on record
//
// With a [Journal], no write leaves before its intent lasts. Rows that need
// no more than their own write and that a second request could not double tell
// their intents ahead ([Writer.Intent]), so that the engine can put those of a
// window on record together. All others do so at the last moment, when the rate budget has
// let the call through: an intent of a keyless row that was never sent would otherwise end as
// unknown. What a reference makes has an intent of its own. The intent of an
// update says what stood there before.
//
// # Problems and errors
//
// A refusal of the API is the row's problem, under the API's own code, with
// attribute ids replaced by titles and slugs, the column, the value and a
// hint. What no other row would get through either is no outcome: the
// row stays undecided, and Write's error says why (errors.As finds the *attio.Error):
// the token or the workspace's plan is refused, the network stays away, the journal fails, an
// answer belongs to another record, the context is over. That holds for look-ups too; one that
// is refused, or finds a record that cannot be read, costs the row, which
// tells of it besides its own problem.
//
// # What it refuses, what a crash leaves
//
// The package keeps nothing on a disk. After a crash the journal has the intents
// of all writes that may have left, and the next process settles them. What
// cannot be promised: a request that arrives later than the quiet time doubles a
// findable row, or falls over what a person wrote meanwhile; so does an update over an
// edit made between the last look and the write, for the API knows no condition. A
// person who changes a record's key before it is settled makes it look absent. Without a
// journal, running the import again is safe for rows with keys, whose records
// are found, and doubles rows without.
package write
