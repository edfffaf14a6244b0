package formula

import (
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

func TestWrittenValues(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, 11, 24, 0, 0, 0, 0, shanghai())
	env, err := NewEnv(Options{Zone: shanghai(), Currency: "CNY", Schema: value.NewSchema([]*value.Field{
		{Name: "fee", Path: "fee", Kind: value.Cash}, {Name: "day", Path: "day", Kind: value.Date},
		{Name: "span", Path: "span", Kind: value.Duration}})})
	if err != nil {
		t.Fatal(err)
	}
	s := &Scope{Zone: shanghai(), Data: rec("fee", value.Money(1050), "day", when, "span", 90*time.Minute)}
	for _, text := range []string{
		"fee == money('10.50')", "fee < money('10.51') && fee + money('1.00') > money('11.49')", "day == date('2026-11-24')",
		"day > month('2026-11')", "day < moment('2026-11-24 00:01')", "span == duration('1h30m')",
		"day + duration('24h') == date('2026-11-25')",
	} {
		g, faults := env.Guard(text, Names{})
		if len(faults) > 0 {
			t.Errorf("%s: %v", text, faults)
			continue
		}
		if yes, err := g.Eval(s); !yes || err != nil {
			t.Errorf("%s: %v %v", text, yes, err)
		}
	}
	v, faults := env.Value(`fee + money("1.00")`, Names{}, &value.Field{Kind: value.Cash})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got, err := v.Eval(s); got != value.Money(1150) || err != nil {
		t.Errorf("got %v %v", got, err)
	}
	for text, want := range map[string]string{
		"fee < money('ten')": "decimal", "day < date('2026-13-01')": "2026-11-24", "fee < money(fee)": "text in quotes",
	} {
		if _, faults := env.Guard(text, Names{}); len(faults) == 0 || !strings.Contains(faults[0].Message, want) {
			t.Errorf("%s: %v, want %s", text, faults, want)
		}
	}
}
