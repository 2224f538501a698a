// Package samples holds sheets to try the program on, the mapping file of each,
// and the records that the demo's sandbox begins with. They are embedded, so
// that the demo runs from any directory.
//
// All tell one story: Tallyfern, a maker of software, brings its customers into
// Attio. The names of companies and people are invented.
//
//	companies.csv    tabs; websites, categories, locations, years
//	people.csv       semicolons, byte order mark, CRLF; decimal commas, phone numbers, name parts
//	users.csv        vertical bars; two unique attributes, milliseconds, a person made where there is none
//	workspaces.csv   commas, plain; the main demo: users by email, companies by domain
//	deals.csv        commas, cells with line breaks; stages, owners, links to companies and people
//
// Each sheet can be imported alone: the seed has what it refers to. In each
// some rows are wrong on purpose, one way each; the tests list them. Nothing
// of a good row depends on a bad one, but for the rows that share a key.
//
// A sheet's mapping is its documentation too, written to be copied. Attributes
// such as plan or lead_score, which not every workspace has, are in the seed.
package samples
