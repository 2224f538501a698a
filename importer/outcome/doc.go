// Package outcome says what became of a row.
//
// It is the leaf that every other package may import: the vocabulary in which
// the stages of an import speak of a row to each other, to the report and to
// the person. A row that was read gets exactly one [Outcome]; an Outcome
// carries all the [Problem] values that were found in the row, not the first.
//
// The package holds data only. It decides nothing, reads nothing and writes
// nothing, so a crash leaves nothing of it behind.
package outcome
