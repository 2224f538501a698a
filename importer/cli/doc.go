// Package cli is the command line: one file a verb, and the wiring of the
// packages that do the work.
//
// Every verb is a plain function of a context, its options and the three
// streams, so that tests call it without a process. [Main] maps what it returns to
// an exit code in one place; nothing here ends the process.
//
// Results go to standard output, everything else to standard error. Nothing
// prompts. A run's files go to its run directory (0700), which is made before
// the first request and removed again if the run never came to read a row.
//
// The API's token comes from a file or the environment, never from the command
// line, and goes to no host but the one that --api-url names.
package cli
