// Package journal is the crash-safe log of a run.
package journal
