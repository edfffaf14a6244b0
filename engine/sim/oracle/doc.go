// Package oracle plays random procedures on the engine's core and on the [reference] interpreter side by side, and
// compares the two after every input.
//
// A procedure is made as YAML, so that the reader, the compiler and the check are tried as well. What differs is shrunk
// to the smallest procedure and the fewest inputs that still differ. The same seed does the same.
package oracle
