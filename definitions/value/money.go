package value

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

var (
	errMoney  = errors.New(`money is written as a decimal with at most two places, like "10.00"`)
	errPlaces = errors.New("money has at most two decimal places")
)

// ParseMoney reads a decimal amount exactly: "10", "10.5", "10.50", "-3.00". More than two places are refused, and so
// are exponents, separators and amounts over 90 billion.
func ParseMoney(text string) (Money, error) {
	s, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	whole, part, hasPart := strings.Cut(s, ".")
	if !digitsOnly(whole) || (hasPart && !digitsOnly(part)) {
		return 0, fmt.Errorf("%w, not %q", errMoney, text)
	}
	if len(part) > 2 {
		return 0, fmt.Errorf("%w: %q", errPlaces, text)
	}
	for len(part) < 2 {
		part += "0"
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || n > maxExact {
		return 0, fmt.Errorf("the amount %q is too large", text)
	}
	if negative {
		n = -n
	}
	return Money(n), nil
}

func digitsOnly(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != "" && len(s) < 20
}

// String writes the amount with two places: "10.00".
func (m Money) String() string {
	n, sign := uint64(m), ""
	if m < 0 {
		n, sign = -n, "-"
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// Add gives m + other; false when the sum does not fit.
func (m Money) Add(other Money) (Money, bool) {
	sum := m + other
	return sum, (sum > m) == (other > 0)
}

// Times gives m × n; false when the product does not fit.
func (m Money) Times(n int64) (Money, bool) {
	if m == 0 || n == 0 {
		return 0, true
	}
	p := int64(m) * n
	if p/n != int64(m) || (n == -1 && int64(m) == math.MinInt64) {
		return 0, false
	}
	return Money(p), true
}
