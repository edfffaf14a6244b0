package main

import (
	"encoding/json"
	"testing"

	"github.com/guicheng/guicheng/engine/sim/year"
)

func TestSimulate(t *testing.T) {
	t.Parallel()
	shipped := &SimulateCmd{Office: "sunshine", Days: 14, Seed: 3, Format: "text", Lang: "zh-Hant"}
	out, err := run(t, shipped, "")
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "陽光嘉園管理處：2026-01-01 起 14 天，種子 3", "來訪人士接待", "大門崗保安員")
	out, err = run(t, &SimulateCmd{Paths: []string{sunshine}, Days: 14, Seed: 3, Format: "json"}, "")
	var r year.Report
	if err != nil || json.Unmarshal([]byte(out), &r) != nil || r.Days != 14 || len(r.Steps) == 0 || len(r.Posts) == 0 {
		t.Errorf("%v: %s", err, out)
	}
}

func TestSimulateWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*SimulateCmd{
		"no office":      {Days: 1},
		"two offices":    {Office: "sunshine", Paths: []string{sunshine}, Days: 1},
		"an unknown one": {Office: "moonshine", Days: 1},
		"no days":        {Office: "sunshine"},
		"ages":           {Office: "sunshine", Days: 100_000},
		"wrong":          {Paths: []string{broken(t, "visitor.yaml", "value: 3m", "value: soon")}, Days: 1},
	} {
		if out, err := run(t, c, ""); err == nil {
			t.Errorf("%s is played:\n%s", name, out)
		}
	}
}
