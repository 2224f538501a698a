//go:build race

package cli

// racing says that the race detector is on: processes are then several times as
// slow, and the trials of a test that differ by little are fewer.
const racing = true
