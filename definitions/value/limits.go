package value

// Limits of what a value may hold. A value over one of them is a fault of code "max" that names the limit.
const (
	MaxText    = 1_000   // characters of a text, phone, address, e-mail, ID number or option
	MaxNote    = 20_000  // characters of a note
	MaxItems   = 1_000   // entries of a list of texts, people or options
	MaxRows    = 1_000   // rows of a table
	MaxPattern = 512     // characters of a field's pattern
	MaxJSON    = 4 << 20 // bytes of one record's JSON
)

// maxExact is the largest whole number that every JSON reader keeps exactly.
const maxExact = 1<<53 - 1
