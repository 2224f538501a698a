// Package importer is the engine: it brings every row of a sheet to exactly
// one outcome.
//
// # Model
//
// An [Import] reads its source twice. [Import.Check] is the first pass: it
// maps every row without a network, counts the rows and the invalid ones,
// finds keys that stand in several rows, and takes the source's fingerprint;
// whether the run may begin at all is decided on that. [Import.Run] is the
// second pass:
//
//	read -> resolve -> record -> feed -> write -> collect
//	                                     |   ^
//	                                     settle
//
// One goroutine reads and maps rows into windows of some hundreds, one resolves
// a window's references and existing records, one puts on record what the rows
// of a window are about to need, and another feeds the rows of the window before to
// the workers; so one window is looked up and another committed while a third is
// written, and no worker waits for a disk. A fixed set of workers writes, and one
// collector puts each outcome on record as it comes, brings them back into source
// order and hands them to the [Sink]. The stages are joined by bounded channels, and the
// number of windows under way is bounded, so memory does not grow with the
// source, but for the first pass: it holds 12 bytes for each key of the source.
//
// The edges (look-ups, writes, the journal, reports, progress) are interfaces
// that this package declares; a plan is a run whose [Writer] only decides, a validation
// is a run without [Resolver] and Writer, and without a [Journal] the record stage
// is not there.
//
// # Rows that may have been written
//
// A row whose request left and whose answer got lost may have been written. Only a
// look-up can tell, and only after the request can no longer be on its
// way. The Writer parks such a row (see [Writer]); it waits in the settling
// stage without holding a worker, is looked up with all others that are due, and
// is written by goroutines of that stage, because workers may be waiting for
// it. It holds up nothing but the Sink's order: rows behind it are finished and
// put on record, and up to 10,000 of them are held before reading waits.
//
// A row that an earlier process left open ([Past]) takes the ordinary way, in
// row order, with the same mark on it: [mapping.Record.Sent]. No stage but the Writer
// decides a row that has it, whatever is wrong with the row.
//
// # Order
//
// Rows are in the order in which the source gives them. Their numbers ascend and
// may have gaps: a retry's sheet has some rows of another one, under their numbers there.
//
// # Stopping
//
// A row that fails never stops a run. What stops it: the end of the source, a
// cancelled context, an error that a stage returns because no row can succeed
// any more, or a limit that the user set. In every case reading ends, rows that
// no worker has taken up are left alone, parked rows are left open at once, calls
// already under way are given time to finish, what is known is put on record and
// reported, and the intents of rows that were never sent are withdrawn. The caller sees the
// reason as the error, and in [Import.Tally] how much is left.
//
// # What it refuses, what a crash leaves
//
// The package opens no connection and writes no file; it never repeats a row
// and never invents an outcome for a row that it did not finish. What a crash leaves is
// what the Journal says: a row with an outcome is done, a row with an intent and no
// outcome may have been written, and of any other row nothing has left. As no
// write leaves before its intent lasts, a later process that is given that as
// its Past ends where this one would have. Without a Journal only the server
// knows what was under way, and only a mapping with a key can be run again.
package importer
