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
//	read -> resolve -> write -> collect
//
// One goroutine reads and maps rows into windows of some hundreds. One resolves
// a window's references and existing records, and another feeds the rows of the
// window before to the workers, so that one window is looked up while another
// is written. A fixed set of workers writes, and one collector puts the
// outcomes back into source order and hands them to the [Sink]. The stages are
// joined by bounded channels, and the number of windows under way is bounded,
// so memory does not grow with the source, but for the first pass: it holds 12
// bytes for each key of the source.
//
// The edges (look-ups, writes, reports, progress) are interfaces that this
// package declares; a plan is a run whose [Writer] only decides, a validation
// is a run without [Resolver] and Writer.
//
// # Stopping
//
// A row that fails never stops a run. What stops it: the end of the source, a
// cancelled context, an error that a stage returns because no row can succeed
// any more, or a limit that the user set. In every case reading ends, rows that
// no worker has taken up are left alone, calls already under way are
// given time to finish, and what is known is reported. The caller sees the
// reason as the error.
//
// # What it refuses, what a crash leaves
//
// The package opens no connection and writes no file; it never repeats a row
// and never invents an outcome for a row that it did not finish. After a
// crash the rows that reached the Sink are accounted for; which calls were under
// way is known only to the server, so only a mapping with a key can be run again.
package importer
