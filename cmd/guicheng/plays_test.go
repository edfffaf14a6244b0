package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// unsaid are parts of a line that are no words: a time, the id of a case, the guards with their results.
var unsaid = regexp.MustCompile(`^(|[0-9: -]+|[A-Z]-[0-9.]+|.*: (true|false))$`)

// TestEveryEventOfAPlayIsSaidInChinese: all that happens in the plays of the shipped offices.
func TestEveryEventOfAPlayIsSaidInChinese(t *testing.T) {
	t.Parallel()
	folders, err := gather([]string{filepath.Dir(sunshine)})
	if err != nil {
		t.Fatal(err)
	}
	missing, said := map[string]string{}, 0
	for _, f := range folders {
		b, _ := proof.Check(f.files)
		if b == nil {
			t.Fatalf("%s does not compile", f.dir)
		}
		for _, s := range b.Scenarios {
			for _, r := range sim.Run(b, s, nil).Results {
				for _, line := range r.Trace {
					for part := range strings.SplitSeq(strings.ReplaceAll(line, " · ", "  "), "  ") {
						if unsaid.MatchString(part) {
							continue
						}
						if said++; sayPlay("zh-Hant", part) == part {
							missing[strings.Fields(part)[0]] = part
						}
					}
				}
			}
		}
	}
	for _, part := range missing {
		t.Errorf("nothing in plays.txt says: %s", part)
	}
	if said < 1000 {
		t.Errorf("only %d parts were seen: are traces written in another way now?", said)
	}
}

func TestAFailedPlayIsToldInTheLanguage(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.scenarios.yaml",
		"who_may: [chan, wong], number: LF20261102-001, empty: visitor.plate", "who_may: [chan]")
	out, err := run(t, &TestCmd{Paths: []string{filepath.Join(dir, "visitor.scenarios.yaml")}, Lang: "zh-Hant"}, "")
	if exitCode(err) != 1 {
		t.Errorf("ended with %v", err)
	}
	mustHave(t, out, "失敗 visitor：門崗問清姓名後報寫字樓", "應為  ask-department 由 chan 辦\n",
		"實為  ask-department 由 chan、wong 辦\n", "li 發起 visitor", "→ 拒絕：invalid", "填入 visitor.kind=")
	out, _ = run(t, &TestCmd{Paths: []string{filepath.Join(dir, "visitor.scenarios.yaml")}}, "")
	mustHave(t, out, "expected  ask-department for chan\n", "li starts visitor", "-> refused: ", "set visitor.kind=")
}
