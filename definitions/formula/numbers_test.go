package formula

import (
	"errors"
	"math"
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
)

// Three of four have finished. A number is met when it is met, as one reckons by hand.
func TestNumbersMix(t *testing.T) {
	t.Parallel()
	env := numberEnv(t)
	data := rec("pieces", int64(100), "rate", 0.07, "third", 1.0/3.0, "fee", value.Money(1000))
	for text, want := range map[string]bool{
		"finished >= 0.6 * total":                                                      true,
		"finished >= 0.75 * total":                                                     true,
		"finished >= total * 0.76":                                                     false,
		"rate * pieces == 7":                                                           true, // 7.000000000000001 as float64
		"pieces * rate == 7.0":                                                         true,
		"pieces + 0.5 == 100.5 && 0.5 + pieces > pieces":                               true,
		"pieces - 0.5 == 99.5 && 0.5 - pieces == -99.5":                                true,
		"pieces / 8.0 == 12.5 && 3.5 / 2 == 1.75":                                      true,
		"pieces / 8 == 12 && pieces % 8 == 4":                                          true,
		"0.1 + 0.2 == 0.3 && 1.1 - 1 == 0.1":                                           true,
		"third * 3.0 == 1.0":                                                           true, // not 0.9999999999999999
		"9007199254740993 * 1.0 == 9007199254740992.0":                                 true,
		"rate != 0 && !(7 == rate) && 1 == 1.0 && 1.5 != 1":                            true,
		"1 in [0.5, 1.0] && 1.0 in [2, 1] && !(1.5 in [1, 2])":                         true,
		"fee * 3 == money('30.00')":                                                    true,
		"[1, 2].map(n, n * 0.5).exists(h, h == 1)":                                     true,
		"days(1) + hours(1) > days(1) && now - now < now - moment('2026-01-01 00:00')": true,
	} {
		g, faults := env.Guard(text, everywhere(env, ""))
		if len(faults) > 0 {
			t.Fatalf("%s: %+v", text, faults)
		}
		if got, err := g.Eval(scope(data)); err != nil || got != want {
			t.Errorf("%s gives %t, %v", text, got, err)
		}
	}
}

// What computes reckons alike.
func TestNumbersAreComputed(t *testing.T) {
	t.Parallel()
	env := numberEnv(t)
	data := rec("pieces", int64(100), "rate", 0.07, "third", 1.0/3.0, "fee", value.Money(1000))
	for text, want := range map[string]float64{
		"rate * pieces": 7, "sum(1..10, 0.1)": 1, "0.1 + 0.2": 0.3, "pieces / 8": 12.5, "third * 3": 1, "-rate": -0.07,
	} {
		v, faults := env.Value(text, everywhere(env, ""), one("x number"))
		if len(faults) > 0 {
			t.Fatalf("%s: %+v", text, faults)
		}
		if got, err := v.Eval(scope(data)); err != nil || got != want {
			t.Errorf("%s gives %v, %v", text, got, err)
		}
	}
}

func TestNumbersFail(t *testing.T) {
	t.Parallel()
	env := numberEnv(t)
	data := rec("pieces", int64(math.MaxInt64), "rate", 1e308, "third", 0.0)
	for _, text := range []string{
		"rate * pieces > 0", "rate + rate > 0", "pieces / third > 0", "rate / 0 > 1", "pieces + 1 > 0",
	} {
		g, faults := env.Guard(text, everywhere(env, ""))
		if len(faults) > 0 {
			t.Fatalf("%s: %+v", text, faults)
		}
		_, err := g.Eval(scope(data))
		if f, ok := errors.AsType[*Failure](err); !ok || f.Code != "arithmetic" {
			t.Errorf("%s gives %v", text, err)
		}
	}
	for _, text := range []string{"fee * 0.5 == fee", "fee + 1 == fee", "0.5 % 2 == 0", "pieces + 'a' == 'a'"} {
		if _, faults := env.Guard(text, everywhere(env, "")); len(faults) != 1 || faults[0].Code != "type" {
			t.Errorf("%s: %+v", text, faults)
		}
	}
}

func numberEnv(t *testing.T) *Env {
	t.Helper()
	return newEnv(t, nil, "", "", one("pieces count"), one("rate number"), one("third number"), one("fee money"))
}
