package samples_test

import (
	"slices"
	"testing"

	"attio-import/importer/outcome"
	"attio-import/mapping/value"
)

// wrong is a row of a sample that does not make it: the first thing wrong in
// it, and the code that it is reported with.
type wrong struct {
	row           int
	column, value string
	code          outcome.Code
}

// conflict is what the API answers where another record holds a unique value.
const conflict = outcome.UniquenessConflict

// wrongRows lists, for each sheet, every row that goes wrong. All other rows
// are fine. What the documentation says about the demo rests on this table.
var wrongRows = map[string][]wrong{
	"workspaces": {
		{12, "Owner Emails", "r.abernathy@", value.InvalidEmail},
		{41, "Plan", "legacy_2019", outcome.NotInMap},
		{58, "Workspace ID", "ws_10403", outcome.DuplicateKey},
		{73, "Workspace ID", "ws_10507", conflict},
		{86, "Owner Emails", "gwen.castellan@pellwick-analytics.com", outcome.ReferenceNotFound},
		{97, "Workspace ID", "", outcome.BlankKey},
		{104, "Company Domain", "acme", value.InvalidDomain},
		{118, "Seats", "12 + 3 trial", value.InvalidNumber},
		{131, "MRR", "$499.00", value.CurrencyMismatch},
		{143, "Workspace ID", "ws_10403", outcome.DuplicateKey},
		{156, "Owner Emails", "paula.rahman@ivoryfen-music.co.uk;former.colleague@ivoryfen-music.co.uk", outcome.ReferenceNotFound},
		{164, "Created At", "31/02/2026", value.InvalidDate},
		{169, "Owner Emails", "owner at hollowcombe-software.de", value.InvalidEmail}, // MRR and Created At are wrong too
		{182, "Created At", "04/17/2026", value.InvalidDate},
		{190, "Owner Emails", "it@ivorymere-travel.test;abrenner@ivorymere-travel.de", value.InvalidEmail},
	},
	"people": {
		{5, "Email", "hana@nettlewick-paper.co.uk", outcome.DuplicateKey},
		{14, "Phone", "555 01", value.InvalidPhone},
		{17, "Email", "ursula@intranet.localhost", value.InvalidEmail},
		{20, "Lead score", "hoch", value.InvalidNumber},
		{22, "Email", "HANA@NETTLEWICK-PAPER.CO.UK", outcome.DuplicateKey},
		{25, "Email", "", outcome.BlankKey},
		{28, "Fit", "7", value.InvalidRating},
		{30, "Last contacted", "31.04.2026 09:30", value.InvalidTimestamp},
		{35, "Country", "XX", value.InvalidCountry},
		{36, "Company domain", "unknown", value.InvalidDomain},
		{38, "Newsletter", "vielleicht", outcome.NotInMap},
	},
	"users": {
		{3, "Email", "zoe at juniperwick-foods.com", value.InvalidEmail},
		{12, "User ID", "", outcome.BlankKey},
		{13, "User ID", "usr_3007", outcome.DuplicateKey},
		{15, "User ID", "usr_3007", outcome.DuplicateKey},
		{19, "Email", "", outcome.MissingValue},
		{21, "Signed Up", "yesterday", value.InvalidTimestamp},
		{22, "Email", "owen.gruenwald@ivorywick-tools.com; o@ivorywick-tools.com", value.InvalidEmail}, // two, where one is meant
		{23, "Role", "owner", value.UnknownOption},
	},
	"companies": {
		{2, "Website", "http://www.pellholt-print.io/about-us", outcome.DuplicateKey},
		{5, "Website", "acme", value.InvalidDomain},
		{9, "Website", "", outcome.BlankKey},
		{13, "Founded", "since ever", value.InvalidDate},
		{17, "Categories", "Basket Weaving", value.UnknownOption},
		{21, "Country", "Atlantis", value.InvalidCountry},
		{26, "Website", "http://pellholt-print.io/?utm_source=fair", outcome.DuplicateKey},
		{30, "Funding (USD)", "€90,000", value.CurrencyMismatch},
		{34, "Employees", "about 40", value.UnknownOption},
		{38, "", "", outcome.RaggedRow}, // a tab within the description
	},
	"deals": {
		{7, "Deal", "", outcome.MissingValue},
		{10, "Stage", "6 - on hold", value.UnknownStatus},
		{13, "Amount", "€12,000", value.CurrencyMismatch},
		{16, "Company", "notacustomer-yet.com", outcome.ReferenceNotFound},
		{19, "Expected close", "02/30/2026", value.InvalidDate},
		{21, "Deal ID", "D-4121", outcome.DuplicateKey},
		{22, "Deal ID", "D-4121", outcome.DuplicateKey},
		{25, "Contacts", "the.boss@", value.InvalidEmail},
		{28, "Stage", "", outcome.MissingValue},
		{31, "Amount", "TBD", value.InvalidCurrency},
		{33, "Owner", "", outcome.MissingValue},
		{35, "Deal ID", "", outcome.BlankKey},
	},
}

func TestWrongRowsAreWhereTheyAre(t *testing.T) {
	for name, list := range wrongRows {
		rows := sheet(t, name)
		for _, w := range list {
			if w.code == outcome.RaggedRow {
				if len(rows[w.row]) == len(rows[0]) {
					t.Errorf("%s, row %d has as many cells as the header", name, w.row)
				}
				continue
			}
			column := slices.Index(rows[0], w.column)
			if column < 0 {
				t.Errorf("%s has no column %q", name, w.column)
				continue
			}
			if got := rows[w.row][column]; got != w.value {
				t.Errorf("%s, row %d, column %q: %q, want %q", name, w.row, w.column, got, w.value)
			}
		}
	}
}
