package value

import (
	"fmt"
	"testing"

	"attio-import/mapping/schema"
)

func plans(typ schema.Type, titles ...string) *schema.Attribute {
	a := &schema.Attribute{Slug: "plan", Title: "Plan", Type: typ, OptionsKnown: true}
	for i, title := range titles {
		a.Options = append(a.Options, schema.Option{ID: fmt.Sprintf("0000000%d-aaaa-4000-8000-000000000000", i), Title: title})
	}
	return a
}

func TestSelect(t *testing.T) {
	checkConversions(t, converter(t, plans(schema.Select, "Starter", "Pro", `2" tube`, "Straße ", "a", "A"), Options{}), []conversion{
		{"Starter", "Starter", `{"option":"Starter"}`, ""},
		{"STARTER", "Starter", `{"option":"Starter"}`, ""},
		{" pro\u00a0", "Pro", `{"option":"Pro"}`, ""},
		{`2" TUBE`, `2" tube`, `{"option":"2\" tube"}`, ""},
		{"straße", "Straße ", `{"option":"Straße "}`, ""},
		{"00000001-aaaa-4000-8000-000000000000", "Pro", `{"option":"Pro"}`, ""}, // an id: the title is sent
		{"00000001-AAAA-4000-8000-000000000000", "Pro", `{"option":"Pro"}`, ""},
		{"a", "a", `{"option":"a"}`, ""}, // two titles that differ by case: only the exact one
		{"A", "A", `{"option":"A"}`, ""},
		{"Enterprise", "", UnknownOption, ""},
		{"", "", UnknownOption, ""},
	})
}

func TestStatus(t *testing.T) {
	checkConversions(t, converter(t, plans(schema.Status, "Lead", "Won 🎉"), Options{}), []conversion{
		{"lead", "Lead", `{"status":"Lead"}`, ""},
		{"won 🎉", "Won 🎉", `{"status":"Won 🎉"}`, ""},
		{"Won", "", UnknownStatus, ""},
	})
}

func TestChoiceOfUnknownOptions(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.Select), Options{}), []conversion{
		{" Anything ", "Anything", `{"option":"Anything"}`, ""},
		{"\xff", "", InvalidText, ""},
	})
}

func TestChoiceMessages(t *testing.T) {
	checkMessages(t, converter(t, plans(schema.Select, "Starter", "Pro", "Enterprise"), Options{}), []message{
		{"Enterprize", `"Enterprize" is not an option of Plan`, `did you mean "Enterprise"? there are: Starter, Pro, Enterprise`},
		{"prp", `"prp"`, `did you mean "Pro"?`},
		{"Gold", `"Gold" is not an option of Plan`, "there are: Starter, Pro, Enterprise"},
	})
	checkMessages(t, converter(t, plans(schema.Status, "Lead"), Options{}), []message{
		{"Lead!", `"Lead!" is not a status of Plan`, `did you mean "Lead"?`},
	})
	checkMessages(t, converter(t, plans(schema.Select), Options{}), []message{
		{"Gold", "", "has none yet"},
	})
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf("Option %d", i)
	}
	checkMessages(t, converter(t, plans(schema.Select, many...), Options{}), []message{
		{"Something else", "", "Option 11 and 28 more"},
	})
}
