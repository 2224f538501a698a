// Package schema describes objects and attributes as data.
//
// A [Schema] comes from one of two places: the workspace itself, read through
// the API, or [Standard], the standard objects as every workspace has them.
// The second serves the checks that work without a network; what it cannot
// know (custom attributes, the options of a select, the statuses of a deal,
// the currency that a workspace chose for its deals) it leaves open, and says
// so through Complete and OptionsKnown.
//
// The package imports nothing of ours, checks nothing and keeps nothing: it
// answers questions about data that somebody else read. A Schema is not
// changed once it is built, and may then be read from many goroutines.
package schema
