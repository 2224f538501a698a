// Package value turns the text of a cell into what Attio stores, and reads
// what Attio stores back into the same form.
//
// # Model
//
// A [Value] is one value of one attribute in two spellings: JSON, which the
// API takes, and the canonical form, which is what Attio will store of it. Two
// values are Equal if Attio would store them alike. So an importer can look up
// a key in the form in which it is stored, find two rows that mean the same
// record, and see that a record already says what a row says, without a write.
//
// A [Converter] is bound once to an attribute and the [Options] of a column,
// and then runs a cell at a time. [Compose] makes values of parts that stand in
// several columns, and [Merge] keeps the stored parts that those do not give. [Stored] reads an answer of the API. [Filter] and [FilterAny]
// ask for records that have a value. Everything is pure: no network, no clock,
// no state, no zone database but the one compiled in. A crash leaves nothing.
//
// # What is refused
//
// A text that Attio would refuse, or would store as something else than it
// says, is refused here, with an [Error] that names the reason in plain words
// and says what to do. Nothing is guessed: 05/06/2026 is a date only under a
// layout that the mapping gives, 1,5 a number only with the decimal separator
// that it says. What is not certainly wrong passes; the API has the last word.
//
// What Attio cannot keep of a text that is otherwise fine (a fifth decimal, a
// phone's extension) is left out, and [Value.Note] tells so.
//
// # Types
//
// text: kept as it is, line breaks and blanks included; UTF-8 without NUL, at
// most 10 MB. All other types ignore blanks around the text.
//
// number: digits with an optional sign, one decimal separator, thousands grouped
// by one other separator (1,234,567; 1 234 567; 1'234'567; 12,34,567), an
// exponent. The text is computed with as text. Attio keeps four decimals and
// cuts the rest, so the canonical form cuts them, with a note. Attio stores
// float64: a number of which a float64 would give back other digits (most
// integers beyond 2^53) is refused, since it is likely an identifier and would
// change silently. No infinities, no percent signs, no 1.2M.
//
// currency: as number, with a sign or ISO 4217 code before it, after it or both, and
// (1,200.50) for -1,200.50. A sign or code that cannot mean the attribute's
// currency is a currency_mismatch; "$" may mean any dollar. The canonical form
// is the bare amount: the API gives every amount the attribute's currency.
//
// checkbox: 1, true, yes, y, t, #t, on, x, checked, and 0, false, no, n, f, #f, off,
// unchecked, whatever their case.
//
// date: in the layouts of the options. iso (the default) also takes 2026,
// 2026-02 (the first day, as Attio has it), 20260214 and a time, which is
// trimmed. A moment (a time with a zone, a Unix time) has its date in UTC, as in
// Attio, whatever the options' time zone; a time without a zone has the day that
// is written. Years 1 to 9999.
//
// timestamp: in the layouts of the options, given in UTC. A time without a zone
// is in the options' time zone, a date alone means its midnight there. Where
// clocks went back and showed a time twice, the first counts; where they went
// forward over it, it is moved on by as much, with a note (RFC 5545, 3.3.5).
// Abbreviations of zones other than UTC and GMT are refused, being ambiguous.
//
// Layouts are iso, unix (seconds), unix_ms, excel (serial numbers of the 1900
// system) or a pattern of YYYY YY, MM M MMM MMMM, DD D, DDDD, hh h, mm m after an
// hour, ss s, s after seconds for their fraction, A for AM or PM, Z for a zone or
// offset; case does not matter, other letters stand in [brackets]. Numbers may
// lack their leading zero unless they touch another number. Names of months and
// weekdays are English, in full or from three letters; a weekday is not
// checked. YY is 1969 to 2068.
//
// rating: a whole number from 0 to 5.
//
// select, status: an option by title, whatever its case, or by id; the title is
// sent. Titles that differ by case only must be written exactly. Where the
// options are not known, any text passes.
//
// email-address: a bare address in the strict form, given in lower case with
// its domain in ASCII. Reserved top-level domains (.test, .invalid, .example,
// .localhost) are refused, because Attio refuses them; example.com passes.
//
// domain: a domain or URL, reduced to the host in lower-case ASCII without a
// leading "www."; why so is said at the converter. A bare word and a public
// suffix alone are no domains. A link to a page on a site where everybody has
// one (twitter.com/acme) is refused: as a domain it would name the site.
//
// phone-number: any spelling with + or 00 and the calling code, or a national
// number of the country in [Text], given in E.164; checked against the numbering
// plan, as Attio does. An extension is dropped with a note.
//
// personal-name: "Last, First" or "First Last"; the last name is the last word,
// with the particles before it (van Dyke, de la Cruz) and a suffix behind it.
// A single word is a first name. The canonical form is "Last, First". Or from the parts
// first_name, last_name, full_name.
//
// location: a whole text, which Attio takes apart itself, so that it is Equal to
// no stored value and only [SamePlace] can tell that it says the same; or parts (line_1 to line_4, locality, region,
// postcode, country_code, latitude, longitude), all ten sent, null where blank.
// The country may be a code or an English name. The canonical form names the parts.
//
// actor-reference: a workspace member's email address, or [Actor]. Record
// references are made by [Reference] from the id that a look-up found.
//
// # Cost
//
// A conversion allocates the result's one string, in which the canonical form
// lies too, for text, numbers, amounts, dates, times, emails and domains; none
// for choices. Phone numbers cost some microseconds: their plans are long.
// Explaining a refusal costs more than a conversion, never more than some
// microseconds.
package value
