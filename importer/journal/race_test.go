//go:build race

package journal

// sparse thins out the tests that do one thing some ten thousand times in one
// goroutine, where the race detector costs a lot and finds nothing.
const sparse = 11
