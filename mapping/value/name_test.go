package value

import (
	"testing"

	"attio-import/mapping/schema"
)

func fullName(first, last, full string) string {
	return `{"first_name":"` + first + `","last_name":"` + last + `","full_name":"` + full + `"}`
}

func TestName(t *testing.T) {
	checkConversions(t, converter(t, attribute(schema.PersonalName), Options{}), []conversion{
		{"Ann Dyke", "Dyke, Ann", fullName("Ann", "Dyke", "Ann Dyke"), ""},
		{"Dyke, Ann", "Dyke, Ann", fullName("Ann", "Dyke", "Ann Dyke"), ""},
		{" Ann \u00a0 Dyke\n", "Dyke, Ann", fullName("Ann", "Dyke", "Ann Dyke"), ""},
		{"Ann", "Ann", fullName("Ann", "", "Ann"), ""},
		{"Ann van Dyke", "van Dyke, Ann", fullName("Ann", "van Dyke", "Ann van Dyke"), ""},
		{"Ann Marie van der Dyke", "van der Dyke, Ann Marie", fullName("Ann Marie", "van der Dyke", "Ann Marie van der Dyke"), ""},
		{"Ann Marie Dyke", "Dyke, Ann Marie", fullName("Ann Marie", "Dyke", "Ann Marie Dyke"), ""},
		{"van Dyke, Ann", "van Dyke, Ann", fullName("Ann", "van Dyke", "Ann van Dyke"), ""},
		{"María de la Cruz", "de la Cruz, María", fullName("María", "de la Cruz", "María de la Cruz"), ""},
		{"Leonardo Da Vinci", "Da Vinci, Leonardo", fullName("Leonardo", "Da Vinci", "Leonardo Da Vinci"), ""},
		{"Van Morrison", "Morrison, Van", fullName("Van", "Morrison", "Van Morrison"), ""},
		{"Peter Al Green", "Green, Peter Al", fullName("Peter Al", "Green", "Peter Al Green"), ""},
		{"Omar al Bashir", "al Bashir, Omar", fullName("Omar", "al Bashir", "Omar al Bashir"), ""},
		{"John Smith Jr.", "Smith Jr., John", fullName("John", "Smith Jr.", "John Smith Jr."), ""},
		{"John Smith, Jr.", "Smith Jr., John", fullName("John", "Smith Jr.", "John Smith Jr."), ""},
		{"Smith, John, PhD", "Smith PhD, John", fullName("John", "Smith PhD", "John Smith PhD"), ""},
		{"John van", "van, John", fullName("John", "van", "John van"), ""},
		{`Ann "Annie" Dyke`, `Dyke, Ann "Annie"`, fullName(`Ann \"Annie\"`, "Dyke", `Ann \"Annie\" Dyke`), ""},
		{"Dyke, Ann, Bob", "", InvalidName, ""},
		{"Dyke,", "", InvalidName, ""},
		{", Ann", "", InvalidName, ""},
		{",", "", InvalidName, ""},
		{"", "", InvalidName, ""},
		{"A\x00nn", "", InvalidText, ""},
	})
}
