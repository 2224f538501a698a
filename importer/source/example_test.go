package source_test

import (
	"context"
	"fmt"
	"io"
	"log"

	"attio-import/importer/source"
)

func ExampleFile_Rows() {
	text := "Name;Plan\nAnn;\"Pro\nyearly\"\nBob;5\" pipe\nCy\nDi;Free\n"
	file, err := source.OpenBytes("leads.csv", []byte(text), source.Options{})
	if err != nil {
		log.Fatal(err)
	}
	rows, err := file.Rows(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		if row.Problem != nil {
			fmt.Println(row.Problem)
			continue
		}
		fmt.Printf("row %d, line %d: %q\n", row.Number, row.Line, row.Cells)
	}
	// Output:
	// row 1, line 2: ["Ann" "Pro\nyearly"]
	// row 2, line 4: a quote stands in a cell that does not begin with one, at character 6 (broken_quote)
	// row 3, line 5: the row has 1 cell, the header has 2 (ragged_row)
	// row 4, line 6: ["Di" "Free"]
}
