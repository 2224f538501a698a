// Package lock keeps two processes of one machine from working on the same
// thing at the same time.
//
// # Model
//
// A [Lock] is a file that the operating system keeps for one process: flock on Unix,
// LockFileEx on Windows. The system lets go of it when the process ends, however it ends, so a
// lock of a dead process never blocks anybody, and nobody has to judge whether
// a process id in a file still means what it meant. Into the file goes who holds it: a
// [Holder], for the message of whoever comes second.
//
// # What it refuses, what a crash leaves
//
// The package never removes a lock file: between the opening of a file and the
// locking of it another process could remove it, and then two would hold "the"
// lock. For the case that somebody else does, [Acquire] makes sure
// that what it has locked is still what stands at the path.
//
// A crash leaves the file, free, with the text of the process that died.
//
// # What it cannot promise
//
// A lock holds between the processes of one machine. Network file systems do not carry it
// to other machines reliably; [Doubt] names them. Where neither kind of lock
// exists, Acquire says [ErrNoLocks].
package lock
