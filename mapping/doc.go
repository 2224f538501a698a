// Package mapping binds a mapping file to a sheet's header and an object's
// attributes, and turns rows into records.
package mapping
