// Package year plays the load of an office in virtual time: cases come as an office says that they do, and people who
// take their time, are away and make mistakes do the tasks. What they fill in and answer is taken from the plays of
// the procedures. The same seed gives the same year.
package year
