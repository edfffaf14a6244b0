package main

import (
	"fmt"
	"runtime/debug"
)

// guarded runs work beside its caller and gives its error, or its panic, when it is over.
func guarded(work func() error) <-chan error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			}
		}()
		done <- work()
	}()
	return done
}
