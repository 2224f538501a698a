// Package source reads a spreadsheet export, row by row, and writes rows back
// in the same dialect.
//
// # Model
//
// [Open] (a path) and [OpenBytes] (an embedded sample) look at the head of the
// source, recognise its [Dialect] and read its header. [File.Rows] then makes a
// pass over the rows; any number of passes may be made, one after the other or
// at the same time. Standard input cannot be read twice, so [Spool] copies it
// into a file first.
//
// A [Row] has its number, 1 for the first row under the header, and the
// physical line on which it begins. A physical line is what ends in LF, whether
// or not the LF stands inside quotes; so the numbers are those that an editor
// shows. An empty line (nothing before the line's end) is no row: it counts as
// a line and is passed over. Every other line belongs to exactly one row, or to
// the header; nothing is swallowed.
//
// # Layers
//
//	Rows        numbers the rows, compares them with the header
//	records     a gocsv.CSVReader that knows its lines: one for each format
//	csvReader   CSV: plain lines by splitter, others by encoding/csv with strict
//	            quotes, and line by line what that refuses
//	lines       hands out the physical lines, one at a time, and takes them back
//	pass        the bytes, added up to the fingerprint
//	content     a file, watched for changes, or memory
//
// Rows are pulled through gocsv's SimpleDecoder, because that is the one of its
// ways that neither holds the file in memory nor needs a struct. A further
// format implements the interface records and changes nothing above it.
//
// # CSV and TSV
//
// The text is UTF-8 with or without a byte order mark. Lines end in LF or CRLF,
// also mixed. The delimiter is comma, semicolon, tab or pipe, recognised from
// the first 50 rows unless [Options] names one; a line "sep=;" at the top, as
// some programs write for Excel, names it too and is not the header.
//
// Inside a quoted cell, CRLF becomes LF, as encoding/csv has it; a carriage
// return that no LF follows stays in the cell. A source whose lines end in
// carriage returns alone is refused by Open.
//
// Cells are as they stand: not trimmed, not converted. A row whose cells do not
// match the header's in number has the problem ragged_row; one with a cell that
// is not UTF-8 has invalid_encoding. Their cells are there nonetheless, for the
// rejects. A row of another length in which no cell is filled is no problem: it
// gets the header's length, so that it counts as the blank row that it is.
//
// # Broken quotes
//
// Quotes are strict: a lazy reader takes a stray quote for an opening one and
// folds several rows into one that looks well. Where encoding/csv refuses a
// record, the lines from the record's first to the one with the error are the
// damaged stretch. Each of these lines becomes a row of its own with the
// problem broken_quote and the line's text in Row.Raw; reading resumes on the
// line after the stretch.
//
// A quote that is opened and not closed would swallow the rest of the source.
// A record therefore ends at 1 MiB or 1,000 lines. Where that is exceeded, or
// the source ends inside quotes, only the lines up to the one with the opening
// quote are damaged (mostly that line alone), and reading resumes right after
// it. A line that alone is longer than 1 MiB becomes a row with the problem
// row_too_long and the beginning of the line in Row.Raw.
//
// What strict quotes cannot see is a stray quote whose partner stands exactly
// where a closing quote may stand: that is a well-formed row of several lines.
// Mostly it is ragged then, and the hint names the lines it spans.
//
// # Rejects that come back
//
// The rejects of a run, corrected by a person, are a source again. [OpenRejects]
// takes the notes off them and gives each row the number that it had, in ascending order
// whatever the order in the file, without holding rows: it looks the file
// over once and remembers where each row stands. [ReadDecisions] reads what
// a person says of rows whose fate nobody could tell. A file in which it cannot be told
// which row a line is, is refused as a whole, with all such lines.
//
// # Memory
//
// A pass holds some hundred KiB whatever the source's size, and a few MiB where
// a quote is not closed. It has one goroutine, which [Rows.Close] ends. Corrected
// rejects take 40 bytes a row besides.
//
// # Changes while reading
//
// What the first pass has checked the second must find again. A file whose size
// or modification time is not what it was at Open, or whose header or
// fingerprint differs from the passes before, ends the pass with the error
// source_changed; size and time are looked at with every 64 KiB read. A file
// that is replaced by renaming is read to its end as it was, and noticed when the
// next pass opens it.
//
// # Errors
//
// Faults of a row are in its Problem and never stop a pass. Faults of the
// source are an [*Error] with a code, a message and a hint. Apart from these, a
// pass ends with io.EOF or the context's error only.
//
// # Crash
//
// Reading leaves nothing. Spool may leave an incomplete file behind when the
// process is killed; nothing has been read from it by then.
package source
