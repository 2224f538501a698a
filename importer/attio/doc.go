// Package attio is the client of the Attio REST API, version 2: what an
// importer needs of it, and what it takes to trust an answer.
//
// # Model
//
// Every call passes the gate of its kind (reads and writes have limits of
// their own), leaves with a time limit that starts after the gate, and comes
// to one of five verdicts:
//
//   - accepted: status 200 or 201, valid JSON, and in it what was asked for: a
//     record with its id, of the token's workspace once [Client.Self] has told
//     which that is;
//   - refused: a status of 400 to 499, except 408, and the API's own error
//     envelope with the very same status in it. Nobody but the API writes that,
//     so the call was understood and not carried out: [Error]. A write to Attio's
//     own hosts must have been given an execution id too, as every answer of
//     theirs was seen to have;
//   - limited: status 429. The call was not carried out (rate-limiting guide);
//     the gate pauses and the call goes again, for as long as the context lives;
//   - unsent: no byte left this process. The call goes again after a backoff:
//     [NotSentError] in the end;
//   - lost: anything else. A connection cut, a time limit, a status of 500 and
//     up, half a body, a redirect, a page of a proxy or of a hotel's portal.
//
// A lost read goes again after a backoff, and ends as [UnavailableError]. A
// lost write may have been carried out. It is never sent again from here:
// [LostError] leaves it to the caller to look.
//
// An answer about another record than the call's, or another workspace, is a
// [MismatchError] inside one of those: answers and calls are out of step, and
// nothing more should be sent.
//
// # Outages
//
// An answer is good if it shows that the API is there, be it a refusal or a
// 429 in the API's words. After five bad ones in a row, from whichever calls, no call
// leaves any more but a probe (GET /v2/self), one at a time and with a backoff, which
// one of the waiting calls sends. The first good answer lets all go on. So an
// outage costs the writes that were in flight and a few more, not one for each
// worker and time limit.
//
// Who waits, waits for as long as the outage lasts, or [Config.MaxOutage] allows, and the attempts
// of a call are counted anew after it. A call that fails while the API answers
// others is given up after [Config.Attempts]; where no other call shows which
// of the two it is, a probe does. Before the first good answer of all nothing
// is waited out: then an address, a network or a proxy is wrong.
//
// Faults by chance are no outage: where three of ten answers are bad, one in
// some six hundred is followed by a probe, and most often the first one ends it.
//
// # What it refuses
//
// HTTP/2, whose transport was seen to send one POST twice; redirects, which
// would turn a POST into a GET or carry the token elsewhere; answers that go on
// in another protocol; plain http to anything but this machine; user names in
// addresses; TLS below 1.2. There is no Idempotency-Key: the API has none, and
// net/http would take the header as leave to send a POST again. An answer has
// at most 64 KiB of headers and 16 MiB of body, decompressed.
//
// # Secrets
//
// A [Token] prints as [redacted] in every form, and is cut out of whatever
// text of the server gets into an error, pieces of eight characters included.
// So is the password of a proxy, which is read from HTTPS_PROXY.
//
// One text cannot be kept from here: net/http writes what a server sends on an idle
// connection, unasked, to the standard logger of package log.
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
