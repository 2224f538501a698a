// Package ratelimit keeps the program inside the API's limits, and tells how
// long to wait when it was not.
//
// # Model
//
// A [Budget] is a bucket with room for one token, filled at a steady rate and
// shared by all workers: one for reads, one for writes. A call leaves when it
// has a token, so calls are spread over the second instead of bunched at its
// start. A larger bucket would only add its size to the busiest second: with
// 25 a second and room for 25, 49 calls leave within one second.
//
// The rate kept is 99% of the one asked for. At exactly 25 a second the 26th
// call leaves one second after the first, and whichever of the two the network
// delays decides whether the server counts 25 or 26 in that second. At 24.75,
// 26 calls span 1.01 s, which leaves 10 ms for the network to vary.
//
// After a 429 the whole budget pauses, not one worker, for as long as the
// server says. A call that slept through the pause takes a fresh token, so
// that the sleepers leave one by one. The rate then eases down a little, and
// back up while all is well: the API may lower its limits without notice
// (rate-limiting guide).
//
// [Backoff] and [RetryAfter] are pure: what they need of time and chance is
// given to them.
//
// # What it refuses
//
// It never counts what the server allows and never guesses at a remaining
// quota: the API tells none. It has no deadline of its own; a request's time
// limit belongs after [Budget.Wait], or a full queue would eat it.
//
// A budget lives in memory only. After a crash the next process starts at the
// full rate, and a 429 corrects it.
package ratelimit
