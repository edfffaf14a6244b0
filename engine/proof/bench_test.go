package proof_test

import (
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// BenchmarkCheckOf200Steps is what an author waits for: reading, checking and proving.
func BenchmarkCheckOf200Steps(b *testing.B) {
	files := sim.LargeOffice()
	for b.Loop() {
		if bundle, problems := proof.Check(files); bundle == nil || len(bundle.Procedures[0].Steps) != 200 {
			b.Fatal(problems)
		}
	}
}

// BenchmarkCheckOfShippedOffices checks all offices that are shipped, one after the other.
func BenchmarkCheckOfShippedOffices(b *testing.B) {
	all := shipped(b)
	for b.Loop() {
		for name, files := range all {
			if bundle, problems := proof.Check(files); bundle == nil {
				b.Fatal(name, problems)
			}
		}
	}
}

// BenchmarkProofOf200Steps is the share of the proof.
func BenchmarkProofOf200Steps(b *testing.B) {
	bundle, problems := definitions.Compile(sim.LargeOffice())
	if bundle == nil {
		b.Fatal(problems)
	}
	for b.Loop() {
		if found := proof.Prove(bundle.Procedures[0]); len(found) > 0 {
			b.Fatal(found)
		}
	}
}
