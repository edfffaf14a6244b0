// Package core is the engine as a pure function: [Step] takes a case and one input and says what happened.
package core
