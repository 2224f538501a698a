package sandbox

import (
	"github.com/tidwall/gjson"
)

// data is the one member that bodies of writes have.
func (c *call) data() (gjson.Result, error) {
	data := c.body.Get("data")
	if !data.IsObject() {
		return data, badBody(wrongType("object", typeName(data), "data"))
	}
	return data, nil
}

// dataWith is data with strings in the members named, none of them empty.
func (c *call) dataWith(keys ...string) (gjson.Result, error) {
	data, err := c.data()
	for i := 0; err == nil && i < len(keys); i++ {
		_, err = textMember(data, keys[i])
	}
	return data, err
}

// textMember is a member of data that must be a string that is not empty.
func textMember(data gjson.Result, key string) (string, error) {
	v := data.Get(key)
	if v.Type != gjson.String {
		return "", badBody(wrongType("string", typeName(v), "data", key))
	}
	if v.Str == "" {
		return "", badBody(issue{code: "too_small", path: []string{"data", key}, message: "String must contain at least 1 character(s)"})
	}
	return v.Str, nil
}

// takeText and takeBool take over a member, if it is there.
func takeText(data gjson.Result, key string, into *string) error {
	if !data.Get(key).Exists() {
		return nil
	}
	text, err := textMember(data, key)
	if err == nil {
		*into = text
	}
	return err
}

func takeBool(data gjson.Result, key string, into *bool) error {
	v := data.Get(key)
	if v.Exists() && !v.IsBool() {
		return badBody(wrongType("boolean", typeName(v), "data", key))
	}
	if v.Exists() {
		*into = v.Bool()
	}
	return nil
}

// dataValues is the member of data that holds values. Other members are refused where the OpenAPI document does so:
// everywhere but in creates.
func (c *call) dataValues(name string) (gjson.Result, error) {
	data, err := c.data()
	if err != nil {
		return data, err
	}
	values := data.Get(name)
	if !values.IsObject() {
		return values, badBody(wrongType("object", typeName(values), "data", name))
	}
	if c.method != "POST" {
		err = onlyMembers(data, name)
	}
	return values, err
}

func onlyMembers(data gjson.Result, keys ...string) error {
	if problem := onlyKeys(data, keys...); problem != nil {
		problem.path = []string{"data"}
		return badBody(*problem)
	}
	return nil
}
