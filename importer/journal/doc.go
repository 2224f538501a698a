// Package journal is the crash-safe log of a run: intents before the writes
// that they announce, results after them. From it alone a run is resumed and its reports
// are rendered.
//
// # Model
//
// A [Journal] is appended to by one process at a time; the caller holds a lock
// on the run. What is put into it waits in memory until it is committed: one goroutine
// writes all that waits as one group and syncs it, and begins with the next
// group only after that. [Journal.Intend] returns when its group is synced, so a write that leaves
// afterwards is on record whatever happens. Results do not wait: they ride on the
// next commit, or are written after Options.Delay, or at the end.
//
// A [Log] is what the records say when they are read from the first to the
// last. Of a row, the last record decides:
//
//   - An intent: the row is open. It may have been written, for all that is known.
//   - A result: the row is done, in the generation of the result, and not open.
//   - A withdrawal: the intents of this process were never sent. What was there before them is
//     back; an intent of an earlier process stays open, for that may have sent it.
//
// An intent with a Reference is about another record than the row's. It is open
// until that is made, and leaves the row as it is.
//
// # Format
//
// A journal is a line that names the format, and groups:
//
//	attio-import journal 1
//	@seq bytes time crc
//	{...}
//	{...}
//	@seq bytes time crc
//	...
//
// A group is its header and so many bytes of lines. seq counts the groups from
// 1; time is the writer's clock in milliseconds since 1970; crc is the CRC-32C, in eight
// hexadecimal digits, of the header up to the blank before it and of the lines. Numbers are
// decimal, without sign or leading zeros. A group has at most a MiB of lines, or one line
// of at most 64 MiB: a row may have a cell of a MiB, all of it escaped. It may have no
// lines at all: then it says that the process was alive, and may have been sending (see [Log.Newest]).
// From its first intent to its end a process writes a group every Options.Delay at least.
//
// A line is a JSON object that ends with a line feed, the only one in it. The
// first member is its kind; for rows it is the row's number, and the generation "g" comes next if
// it is not 0. Members that are left out are empty, zero or what is said below. Control characters
// and those that steer a terminal are escaped. A string that is not UTF-8, or begins
// with NUL, is NUL and the base64 of its bytes.
//
//	run    the run: see [Header]. The first line of the first group, and of no other.
//	open   a process has begun: "open" host, "boot" id of the machine's boot, "pid", "at" its clock,
//	       "cut" bytes of a torn tail that it cut off. The second line of the first group, and the
//	       first that any other process writes. What is open by then may have been sent.
//	i      an intent: "i" row, "g" generation, "v" verb if not create, "k" key, "id" record of an update,
//	       "b" values before it by attribute, "at" server time of the look-up.
//	x      an intent to make a record that a row refers to: "x" object/attribute/key, then as i.
//	made   the record of an x is there: "made" reference, "id" record.
//	back   intents were withdrawn: "back" rows.
//	web    "web" and "after": what stands before and after a record's id in its web address. The first
//	       one holds for all results.
//	r      a result: "r" row, "g" generation, "a" action if not created, "s" stage if not write,
//	       "l" line if not row + 1, "k" key, "id" record, "w" web address if not that of web,
//	       "n" attempts, "h" HTTP status, "ns" duration in nanoseconds, "p" problems, "d" changes;
//	       of a row that failed "c" its cells or "raw" its text.
//	       A problem: "c" code, "r" and "l" row and line if not the result's, "col" column, "attr" attribute,
//	       "v" value, or "vi" which cell it is, from 0, "part" of it, "sev" severity if not error,
//	       "m" message, "hint". A change: "attr" attribute, "o" old, "n" new, "d" decision.
//	u      a result that is unchanged: "u" row, then as r.
//	act    "act" id of the token, by which it signs what it makes.
//	gen    a generation begins: see [Generation].
//	end    a process leaves the run: see [End].
//
// A row that was created takes some 190 bytes, intent and result, and one that is
// unchanged some 80. There is no compaction.
//
// # A torn tail and damage
//
// One group is written at a time, so a crash or a loss of power can tear the
// last one only: it ends too early, or sectors of it, 512 bytes, never reached the
// disk and read as zeros, or the file has its length and nothing else. Such a tail is cut, and the
// next process says so in its open record. Nothing in it was promised to anybody:
//
//   - Its intents were never sent, since Intend had not returned.
//   - Its results are lost, and the rows are open again. A row with a key is looked up and found. A row that
//     nothing could find again may end as unknown, though it was written; for such
//     rows there is Options.Eager, which leaves the moment of one sync. A process that is
//     killed loses no more than that either: what it has written, the system keeps.
//
// Anything else is a [CorruptError]: a group that is not whole before another one, a number that is out of turn,
// and a last group that has all its bytes, none of them missing, with another checksum.
// A flipped bit in the last group looks like that. It could be cut too, and with it would go intents that were
// synced and sent: rows without a key would be made twice. So it is said instead, like
// a flipped bit anywhere else. Two things cannot be told from a torn tail: damage to a tail that
// is torn besides, which costs nothing; and a sector of the last group that the disk
// has lost after it confirmed the sync. No log can defend against a disk that lies.
//
// A sync that fails is final. It is not tried again: the system may have dropped what
// it could not write, and would report success.
//
// # Room
//
// On Linux the journal keeps 256 KiB of the disk ahead of its end. When there is
// no room for more, intents are refused, and the results of all calls under way still fit.
// Elsewhere a full disk can cost the results that wait for the next sync, as a crash does.
//
// # What it refuses
//
// Another version of the format, kinds and members that it does not know
// ([VersionError]), and whatever its own Journal could not have written. Any bytes may be read: what
// is asked of memory is proportional to the file, and of rows eight bytes each.
// In the directory it opens nothing but a plain file, and it makes its own with mode 0600.
//
// # An example
//
// Row 4 is not sent: it waits for a company, and then the user interrupts the run.
//
//	attio-import journal 1
//	@1 302 946684800000 a9b06107
//	{"run":"r-1","prog":"1.0","began":"2000-01-01T00:00:00Z","api":"https://api.attio.com","ws":{"id":"","slug":"","name":""},"object":"companies","src":{"name":"","size":0,"fp":"","rows":0},"map":{"name":"","fp":"","text":""},"schema":null,"info":null}
//	{"open":"host","pid":7,"at":"2000-01-01T00:00:00Z"}
//	@2 163 946684800000 b7c5b1a8
//	{"i":1,"k":"acme.com","at":"2000-01-01T00:00:00Z"}
//	{"i":2,"v":"update","k":"b.com","id":"id-2","b":{"name":["B"]}}
//	{"i":4,"k":"d.com","at":"2000-01-01T00:00:00Z"}
//	@3 244 946684800000 dd2cd4a8
//	{"web":"https://app.attio.com/acme/company/"}
//	{"r":1,"k":"acme.com","id":"id-1","n":1,"h":200,"ns":140000000}
//	{"u":3,"k":"c.com","id":"id-3"}
//	{"act":"token-1"}
//	{"x":"companies/domains/acme.com","i":4,"k":"acme.com","at":"2000-01-01T00:00:00Z"}
//	@4 0 946684801000 d5ef9511
//	@5 443 946684801000 c17b9d2a
//	{"r":5,"a":"invalid","s":"map","p":[{"c":"invalid_date","col":"Founded","attr":"founded","vi":1,"m":"is no date"}],"c":["E","31.31."]}
//	{"r":2,"a":"updated","k":"b.com","id":"id-2","n":1,"h":200,"ns":90000000,"d":[{"attr":"name","o":"B","n":"B Inc","d":"set"}]}
//	{"made":"companies/domains/acme.com","id":"id-9"}
//	{"back":[4]}
//	{"end":6,"reason":"interrupted","ms":1000,"read":2,"write":3,"limited":0,"at":"2000-01-01T00:00:01Z","complete":false}
//	@6 61 946684801000 cd756b26
//	{"open":"host","pid":8,"at":"2000-01-01T00:00:01Z","cut":10}
//	@7 78 946684801000 d1266ff4
//	{"gen":1,"kind":"retry","src":{"name":"fixed.csv","size":0,"fp":"","rows":1}}
package journal
