// Package tidy holds the house's rules as tests: who may import whom, how long a function may be, what the core may
// not do. It has no code of its own; run it with `make tidy`.
package tidy
