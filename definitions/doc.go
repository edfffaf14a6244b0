// Package definitions is the procedure language: it turns the files of an office into procedures that the engine runs.
//
// A text goes through four rooms in a row. What the language has is said once, as data, in grammar*.go, from which also
// schema.go makes the JSON Schema. reader*.go reads the YAML by it, with the place of every value. compile*.go resolves
// names and formulas into the model of procedure.go and office.go, which never changes afterwards and is shared by all
// cases. check*.go looks for loops that never wait, choices with gaps and threads that meet where they must not, and
// facts*.go proves that nothing is read before it is filled in. scenario*.go reads the plays beside a procedure.
// Nothing here does I/O or keeps the time; what is wrong with a text comes back as report.Problem, never as a panic.
package definitions
