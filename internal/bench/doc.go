// Package bench measures the engine against what the same database can do when the same rows are written by hand.
package bench
