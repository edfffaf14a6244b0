// Package sim runs procedures in memory, in virtual time: a [World] is the shell without a store, network or clock.
//
// Scenarios, the terminal player and the laws test are built on it. Everything in it is deterministic: the same
// bundle, people and acts give the same bytes.
package sim
