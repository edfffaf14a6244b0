package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// checkShare is how long an author waits for the check: reading, compiling and proving.
type checkShare struct {
	Large   spread `json:"large_ms"`   // one procedure of 200 steps
	Shipped spread `json:"shipped_ms"` // all offices that are shipped
}

func measureCheck() (checkShare, error) {
	all := [][]definitions.File{}
	dirs, err := offices.FS.ReadDir(".")
	if err != nil {
		return checkShare{}, fmt.Errorf("the shipped offices: %w", err)
	}
	for _, dir := range dirs {
		if !dir.IsDir() {
			continue
		}
		files, err := definitions.ReadDir(offices.FS, dir.Name())
		if err != nil {
			return checkShare{}, fmt.Errorf("the office %s: %w", dir.Name(), err)
		}
		all = append(all, files)
	}
	large, err := inMilliseconds([][]definitions.File{sim.LargeOffice()}, 15)
	if err != nil {
		return checkShare{}, err
	}
	shipped, err := inMilliseconds(all, 3)
	return checkShare{Large: large, Shipped: shipped}, err
}

// inMilliseconds is the spread of the medians of rounds of some checks.
func inMilliseconds(offices [][]definitions.File, times int) (spread, error) {
	const rounds = 5
	medians := make([]float64, rounds)
	for r := range medians {
		took := make([]float64, times)
		for i := range took {
			began := time.Now()
			for _, files := range offices {
				if bundle, problems := proof.Check(files); bundle == nil {
					return spread{}, fmt.Errorf("it is refused: %v", problems[0])
				}
			}
			took[i] = time.Since(began).Seconds() * 1e3
		}
		slices.Sort(took)
		medians[r] = took[times/2]
	}
	return spreadOf(medians), nil
}
