// Package value turns the text of a cell into what Attio stores.
package value
