package value

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

var (
	errSpan = errors.New("a duration is written like 90s, 3m, 1h30m or 2d")
	errWork = errors.New("a worktime is written like 3 workdays or 5 workhours")
)

// spanUnits lists the units of a duration from the largest to the smallest.
var spanUnits = [...]struct {
	name string
	size time.Duration
}{
	{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
	{"ms", time.Millisecond}, {"us", time.Microsecond}, {"ns", time.Nanosecond},
}

// ParseDuration reads "90s", "3m", "1h30m", "2d" (a day is 24 hours) without sign.
func ParseDuration(text string) (time.Duration, error) {
	rest := strings.TrimSpace(text)
	if rest == "" || len(rest) > MaxText {
		return 0, errSpan
	}
	var total time.Duration
	for rest != "" {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		n, err := strconv.ParseInt(rest[:digits], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%w, not %q", errSpan, text)
		}
		rest = rest[digits:]
		size, width := unitOf(rest)
		if width == 0 {
			return 0, fmt.Errorf("%w, not %q", errSpan, text)
		}
		if n > int64(math.MaxInt64-total)/int64(size) {
			return 0, fmt.Errorf("the duration %q is longer than 292 years", text)
		}
		total += time.Duration(n) * size
		rest = rest[width:]
	}
	return total, nil
}

// unitOf finds the unit that text starts with; width 0 means none.
func unitOf(text string) (size time.Duration, width int) {
	for _, u := range spanUnits {
		if len(u.name) > width && strings.HasPrefix(text, u.name) {
			size, width = u.size, len(u.name)
		}
	}
	return size, width
}

// FormatDuration writes the shortest form that ParseDuration reads back. A negative duration gets a leading minus,
// which ParseDuration refuses.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	left := uint64(d)
	var b strings.Builder
	if d < 0 {
		b.WriteByte('-')
		left = -left
	}
	for _, u := range spanUnits {
		if n := left / uint64(u.size); n > 0 {
			b.WriteString(strconv.FormatUint(n, 10))
			b.WriteString(u.name)
			left %= uint64(u.size)
		}
	}
	return b.String()
}

// ParseWork reads "3 workdays" or "5 workhours".
func ParseWork(text string) (Work, error) {
	count, unit, found := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.Atoi(count)
	if !found || err != nil || n < 1 || n > MaxText {
		return Work{}, fmt.Errorf("%w, not %q", errWork, text)
	}
	switch strings.TrimSpace(unit) {
	case "workday", "workdays":
		return Work{Days: n}, nil
	case "workhour", "workhours":
		return Work{Hours: n}, nil
	}
	return Work{}, fmt.Errorf("%w, not %q", errWork, text)
}

// String writes "3 workdays" or "5 workhours".
func (w Work) String() string {
	if w.Days != 0 {
		return strconv.Itoa(w.Days) + " workdays"
	}
	return strconv.Itoa(w.Hours) + " workhours"
}
