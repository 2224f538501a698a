// Package attio is the client of the Attio REST API, version 2: what an
// importer needs of it, and what it takes to trust an answer.
//
// # Model
//
// Every call passes the gate of its kind (reads and writes have limits of
// their own), leaves with a time limit that starts after the gate, and comes
// to one of five verdicts:
//
//   - accepted: status 200 or 201, valid JSON, and in it what was asked for;
//   - refused: a status of 400 to 499 and the API's own error envelope. Nobody
//     but the API writes that envelope, so the call was understood and not
//     carried out: [Error];
//   - limited: status 429. The call was not carried out (rate-limiting guide);
//     the gate pauses and the call goes again, for as long as the context lives;
//   - unsent: no byte left this process. The call goes again after a backoff,
//     a bounded number of times: [NotSentError];
//   - lost: anything else. A connection cut, a time limit, a status of 500 and
//     up, half a body, a redirect, a page of a proxy or of a hotel's portal.
//
// A lost read goes again after a backoff, a bounded number of times, and ends
// as [UnavailableError]. A lost write may have been carried out. It is never
// sent again from here: [LostError] leaves it to the caller to look.
//
// # What it refuses
//
// HTTP/2, whose transport was seen to send one POST twice; redirects, which
// would turn a POST into a GET or carry the token elsewhere; plain http to
// anything but this machine; user names in addresses; TLS below 1.2. There is
// no Idempotency-Key: the API has none, and net/http would take the header as
// leave to send a POST again.
//
// # Secrets
//
// A [Token] prints as [redacted] in every form, and is cut out of whatever
// text of the server gets into an error, fragments of it included.
//
// # Crash
//
// The package keeps nothing on disk. A crash leaves at most one call in
// flight for each worker; whether those were carried out, only a look at the
// records can tell.
//
// Facts about the API rest on its OpenAPI document and guides, and are marked
// so; where it was seen to do otherwise, that is said.
package attio
