// Package report accounts for every row: it writes the files of a run
// directory, the summary that a person reads at the end, and the progress
// that is watched until then.
//
// # Model
//
// A [Report] is the sink of a run. Each row comes with its outcome, in source
// order, and goes where a person or a script will look for it:
//
//   - report.csv has a line a row, with the problem that decided its fate.
//     A row that has only warnings has no code there; a row that was skipped has
//     the reason. In a validation only rows with a problem are listed;
//     of a run that was stopped only the rows that were reached.
//   - problems.csv has a line for every problem, warnings too.
//   - rejects.csv has the rows that were invalid or rejected as they stood in
//     the source: its delimiter, line ends and byte order mark, its columns in their
//     order, its cells to the byte; then what is wrong with each. It is meant to be corrected
//     and imported. A line that could not be split is one quoted cell, and so is one with more
//     cells than the header, whose surplus belongs under no column. A row with fewer
//     is filled up with empty cells.
//   - unknown.csv has, in the same shape, the rows that may or may not have been
//     written. They are never among the rejects: importing them again could
//     double them.
//   - changes.csv has a line for every attribute changed, or kept on purpose.
//   - summary.json has the counts, the kinds of problems, the requests, and
//     what was imported with which mapping.
//
// # Which files there are
//
// A run has all of them, a plan all but unknown.csv, a validation neither that
// nor changes.csv. They exist, with their header, from the moment of [Create], also
// when nothing comes into them, so that a script need not ask; summary.json is
// made by [Report.Close], whole or not at all.
//
// A run that is taken up again, and one whose report is rendered from what is on record, gets
// the same files in place of the earlier ones ([Replace]), and from the same rows the
// same bytes: nothing of a row is used but its outcome and, where it failed, how it stood in the source.
// unknown.csv has one column more, where a person says what became of each row.
//
// # What can be opened without harm
//
// report.csv, problems.csv and changes.csv will be opened in a spreadsheet, so
// cells that it would run as a formula are neutralised (see [Neutralise]), and
// bytes that are not UTF-8 are shown as \xfc. The rejects stay raw. What is printed goes through
// [Clean]: no cell, header or message of a server can steer the terminal.
//
// Files are 0600 in a directory of 0700 whatever the umask: they hold personal
// data.
//
// # What it costs
//
// Memory is constant: each file holds back 256 lines at most, and of problems
// a thousand kinds are told apart; the rest is counted. A row that was created
// costs one to two microseconds, most of them gocsv's: its reflection allocates
// sixteen bytes for each field that does not stand behind a nil pointer, and formats numbers
// with fmt. That is why fields are text, and why a row's problem is a pointer.
//
// # What it refuses, what a crash leaves
//
// A report that begins never writes over the files of an earlier one; only
// Replace does, whole files by renaming, and files that somebody has edited it keeps.
// No cell in a file is wrapped or abbreviated, and nothing goes on after a failed write: a [*WriteError]
// ends the run. A crash loses at most the lines of the last second and can
// leave the last line of a file cut; there is no summary.json then. One while
// an earlier report is replaced leaves whole files, of the old or of the new.
package report
