// Package cli is the command line: one file a verb, and the wiring of the
// packages that do the work.
//
// # Model
//
// Every verb is a plain function of a context, its options and the three
// streams, so that tests call it without a process. [Main] maps what it returns to
// an exit code in one place; nothing here ends the process. A session brings
// together what a command needs: open makes one from a sheet and a mapping, reopen
// from a run directory. From there on all go the same way: the first pass checks,
// the second writes, and the end is put on record and told.
//
// A run directory (0700, its files 0600) is made before the first request and
// removed again if the run never came to read a row. It is held by a lock while a
// process works on it, and a run that writes holds another one for its object of its
// workspace. The journal appears in it after the first pass and the pre-flight,
// before the first look-up: a run with a journal is gone on with by resume, one
// without has written nothing. What follows the run's own sheet, a retry of its rejects or a
// person's decisions about unknown rows, is a generation of the same run: what
// the user gave is copied into the directory, the journal begins a generation, and the
// reports are written from the journal about all rows.
//
// # What it refuses
//
// resume, retry and decisions compare all that a run began with (API, workspace,
// source, mapping, the attributes that it uses) with what is there now, name
// every difference, and send nothing if there is one. Where records go is never read
// from a file: the API's address comes from a flag or the environment, and the token from
// a file that the user names or the environment, never from the command line. It
// goes to no other host.
//
// A directory of runs that belongs to another user or that everybody can write
// to is not used, and a run directory behind a symbolic link is not followed: what
// stands there is read back as the user's own word.
//
// Results go to standard output, everything else to standard error. Nothing
// prompts.
//
// # What a crash leaves
//
// A run directory with a journal, free to be taken up, or one without, which the
// next run sweeps away. A copy for a generation that never began is replaced by the next.
package cli
