package attio

import "errors"

const (
	hintToken = "make a new API key under Workspace settings > Developers, and check that it was copied whole"
	hintScope = "give the API key the scopes record_permission:read-write, object_configuration:read and user_management:read"
	hintPlan  = "the workspace's billing plan allows no more: see Workspace settings > Billing, then run the import again"
)

// Hint says what to do about a refusal; empty where the message says all.
func (e *Error) Hint() string {
	switch {
	case e.Status == 401:
		return hintToken
	case e.Code == CodeBilling || e.Code == CodeQuota:
		return hintPlan
	case e.Status == 403:
		return hintScope
	}
	return codeHints(e.Code)
}

func codeHints(code string) string {
	switch code {
	case CodeUniquenessConflict:
		return "another record has this value already: correct the row, merge the records in Attio, or use mode: upsert with this attribute as match"
	case CodeMissingValue:
		return "map a column to this attribute, or give it a default"
	case CodeValueNotFound:
		return "add the option, record or member in Attio, or correct the cell"
	case CodeValidation:
		return "correct the cell, or the way the mapping converts it"
	case CodeSystemEdit:
		return "Attio fills this attribute by itself: leave it out of the mapping"
	case CodeMergeInProgress:
		return "somebody is merging this record in Attio: retry the row later"
	}
	return ""
}

// Hint says what to look at where an answer is somebody else's.
func (e *AnswerError) Hint() string {
	switch {
	case e.Redirect != "":
		return "check the API address; a network with a sign-in page answers like this too"
	case e.Status >= 500:
		return "Attio or a server in front of it is failing: see status.attio.com, then run the import again"
	}
	return "check the API address, and whether a proxy or a sign-in page stands in between"
}

// hintNetwork is for an API that cannot be reached.
const hintNetwork = "check the network, and the address if you gave one; then try again"

// hintCertificate is for somebody else at the API's address.
const hintCertificate = "check the API address, this machine's clock, and whether a proxy or a sign-in page stands in between"

// Hint says what to do about an API that cannot be reached. Where something
// else answered in its place, that says more.
func (e *UnavailableError) Hint() string { return hintOr(e.Err, hintNetwork) }

// Hint says what to look at where a call could not be sent; empty where
// nothing was wrong but that the context had ended.
func (e *NotSentError) Hint() string { return hintOr(e.Err, "") }

// Hint says what to look at in an outage.
func (e *OutageError) Hint() string {
	return hintOr(e.Err, "check the network, and status.attio.com for an outage of Attio's")
}

// hintOr is the hint of an error, or another one if it has none.
func hintOr(err error, other string) string {
	var hinting interface{ Hint() string }
	switch {
	case errors.As(err, &hinting) && hinting.Hint() != "":
		return hinting.Hint()
	case isMisdirected(err):
		return hintCertificate
	}
	return other
}
