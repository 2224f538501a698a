package samples_test

import (
	"slices"
	"testing"
)

// wrong is a row of a sample that does not make it, and why.
type wrong struct {
	row           int
	column, value string
}

// wrongRows lists, for each sheet, every row that goes wrong, with the first
// thing wrong in it. All other rows are fine. The texts that show the demo rely on it.
var wrongRows = map[string][]wrong{
	"workspaces": {
		{12, "Owner Emails", "r.abernathy@"},
		{41, "Plan", "legacy_2019"},
		{58, "Workspace ID", "ws_10403"},                              // again in row 143
		{73, "Workspace ID", "ws_10507"},                              // in the seed
		{86, "Owner Emails", "gwen.castellan@pellwick-analytics.com"}, // not in the seed
		{97, "Workspace ID", ""},
		{104, "Company Domain", "acme"},
		{118, "Seats", "12 + 3 trial"},
		{131, "MRR", "$499.00"}, // the attribute is in euros
		{143, "Workspace ID", "ws_10403"},
		{156, "Owner Emails", "paula.rahman@ivoryfen-music.co.uk;former.colleague@ivoryfen-music.co.uk"}, // the second is not in the seed
		{164, "Created At", "31/02/2026"},
		{169, "Owner Emails", "owner at hollowcombe-software.de"}, // and MRR, and Created At
		{182, "Created At", "04/17/2026"},                         // month and day the other way round
		{190, "Owner Emails", "it@ivorymere-travel.test;abrenner@ivorymere-travel.de"},
	},
	"people": {
		{5, "Email", "hana@nettlewick-paper.co.uk"}, // again in row 22
		{14, "Phone", "555 01"},
		{17, "Email", "ursula@intranet.localhost"},
		{20, "Lead score", "hoch"},
		{22, "Email", "HANA@NETTLEWICK-PAPER.CO.UK"},
		{25, "Email", ""},
		{28, "Fit", "7"},
		{30, "Last contacted", "31.04.2026 09:30"},
		{35, "Country", "XX"},
		{36, "Company domain", "unknown"},
		{38, "Newsletter", "vielleicht"},
	},
	"users": {
		{3, "Email", "zoe at juniperwick-foods.com"},
		{12, "User ID", ""},
		{13, "User ID", "usr_3007"}, // again in row 15
		{15, "User ID", "usr_3007"},
		{19, "Email", ""},
		{21, "Signed Up", "yesterday"},
		{22, "Email", "paula.thornbury@cobblecombe-interiors.co.uk"}, // another user of the seed has it
		{23, "Role", "owner"},
	},
	"companies": {
		{2, "Website", "http://www.pellholt-print.io/about-us"}, // again in row 26
		{5, "Website", "acme"},
		{9, "Website", ""},
		{13, "Founded", "since ever"},
		{17, "Categories", "Basket Weaving"},
		{21, "Country", "Atlantis"},
		{26, "Website", "http://pellholt-print.io/?utm_source=fair"},
		{30, "Funding (USD)", "€90,000"},
		{34, "Employees", "about 40"},
		{38, "Description", "Makes"}, // a tab in the cell: one cell too many
	},
	"deals": {
		{7, "Deal", ""},
		{10, "Stage", "6 - on hold"},
		{13, "Amount", "€12,000"},
		{16, "Company", "notacustomer-yet.com"}, // not in the seed
		{19, "Expected close", "02/30/2026"},
		{21, "Deal ID", "D-4121"}, // again in row 22
		{22, "Deal ID", "D-4121"},
		{25, "Contacts", "the.boss@"},
		{28, "Stage", ""},
		{31, "Amount", "TBD"},
		{33, "Owner", ""},
		{35, "Deal ID", ""},
	},
}

func TestWrongRowsAreWhereTheyAre(t *testing.T) {
	for name, list := range wrongRows {
		rows := sheet(t, name)
		for _, w := range list {
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
