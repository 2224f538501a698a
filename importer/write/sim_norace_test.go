//go:build !race

package write_test

// slowness is how many times fewer trials the short tests run.
const slowness = 1
