//go:build !race

package journal

const sparse = 1
