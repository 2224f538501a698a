// Package journal is the crash-safe log of a run: intents before the writes
// that they announce, results after them.
package journal
