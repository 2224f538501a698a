package mapping

import "attio-import/mapping/schema"

// standardObject is an object as every workspace has it; nil for others.
func standardObject(slug string) *schema.Object { return schema.Standard().Object(slug) }
