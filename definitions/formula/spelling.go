package formula

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// spanForm is a literal span as settings have it, or as people write it: 30d, 1h30m, 3 minutes.
var spanForm = regexp.MustCompile(`^\s*(\d+(?:\.\d+)?)\s*(\p{L}+)(?:\s*(\d+)\s*(\p{L}+))?\s*$`)

// spanPart is a literal span inside a longer formula.
var spanPart = regexp.MustCompile(`\b(\d+)\s?([a-z]+)\b`)

// spanUnits are the units that authors write, and what they are in minutes.
var spanUnits = map[string]float64{
	"s": 1. / 60, "sec": 1. / 60, "secs": 1. / 60, "second": 1. / 60, "seconds": 1. / 60, "秒": 1. / 60,
	"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "分": 1, "分鐘": 1, "分钟": 1,
	"h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "小時": 60, "小时": 60, "個小時": 60, "个小时": 60,
	"d": 24 * 60, "day": 24 * 60, "days": 24 * 60, "天": 24 * 60, "日": 24 * 60,
	"w": 7 * 24 * 60, "week": 7 * 24 * 60, "weeks": 7 * 24 * 60, "週": 7 * 24 * 60, "周": 7 * 24 * 60,
}

// workUnits are the units of working time, and the function that makes each.
var workUnits = map[string]string{
	"workday": "workdays", "workdays": "workdays", "工作日": "workdays", "個工作日": "workdays", "个工作日": "workdays",
	"workhour": "workhours", "workhours": "workhours",
}

// misspelt finds what people write and the languages do not read: a literal span, full-width signs.
func misspelt(text string) *Fault {
	if f := literalSpan(text); f != nil {
		return f
	}
	return fullWidth(text)
}

// literalSpan recognizes a text that is nothing but a number and a unit.
func literalSpan(text string) *Fault {
	m := spanForm.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	call := spanWords(m[1], m[2])
	if m[3] != "" {
		call = sumWords(m)
	}
	if call == "" {
		return nil
	}
	before := len([]rune(text)) - len([]rune(strings.TrimLeftFunc(text, unicode.IsSpace)))
	trimmed := strings.TrimSpace(text)
	return &Fault{
		Offset: before, Width: len([]rune(trimmed)), Code: "syntax",
		Message: trimmed + " is a span as it stands in settings, and this is a formula", Hint: call,
	}
}

// spanWords is the hint for a number and a unit; "" where the word is no unit.
func spanWords(number, unit string) string {
	unit = strings.ToLower(unit)
	if name, ok := workUnits[unit]; ok && !strings.Contains(number, ".") {
		return "write " + name + "(" + number + ")"
	}
	n, err := strconv.ParseFloat(number, 64)
	size, ok := spanUnits[unit]
	if err != nil || !ok {
		return ""
	}
	return spanOfMinutes(n * size)
}

func sumWords(m []string) string {
	a, okA := spanUnits[strings.ToLower(m[2])]
	b, okB := spanUnits[strings.ToLower(m[4])]
	x, errA := strconv.ParseFloat(m[1], 64)
	y, errB := strconv.ParseFloat(m[3], 64)
	if !okA || !okB || errA != nil || errB != nil {
		return ""
	}
	return spanOfMinutes(x*a + y*b)
}

// spanOfMinutes names the largest unit that holds the span in a whole number.
func spanOfMinutes(minutes float64) string {
	const day, hour = 24 * 60, 60
	whole := int64(math.Round(minutes))
	switch {
	case whole <= 0 || math.Abs(minutes-float64(whole)) > 1e-9 || whole > int64(math.MaxInt64/time.Minute):
		return "a span has whole minutes; shorter ones are a setting of type duration: settings.name"
	case whole%day == 0:
		return fmt.Sprintf("write days(%d)", whole/day)
	case whole%hour == 0:
		return fmt.Sprintf("write hours(%d)", whole/hour)
	}
	return fmt.Sprintf("write minutes(%d)", whole)
}

// spanHint is the hint for a syntax error in a text with a literal span in it; "" where there is none.
func spanHint(text string) string {
	for _, m := range spanPart.FindAllStringSubmatch(text, -1) {
		if call := spanWords(m[1], m[2]); call != "" {
			return strings.Replace(call, "write ", "write "+m[0]+" as ", 1)
		}
	}
	return ""
}

// fullWidth finds the first full-width sign outside quotes.
func fullWidth(text string) *Fault {
	var quote rune
	escaped := false
	offset := -1
	for _, r := range text {
		offset++
		switch {
		case escaped:
			escaped = false
		case quote != 0 && r == '\\':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		default:
			if half := HalfWidth(r); half != "" {
				return &Fault{Offset: offset, Width: 1, Code: "syntax", Message: string(r) + " is a full-width sign",
					Hint: "use the half-width " + half}
			}
		}
	}
	return nil
}

// HalfWidth gives the sign that a full-width one is typed for by mistake; "" of any other character.
func HalfWidth(r rune) string {
	switch r {
	case '“', '”', '「', '」':
		return `"`
	case '‘', '’':
		return `'`
	case '【':
		return "["
	case '】':
		return "]"
	case '、':
		return ","
	case '。':
		return "."
	case '\u3000':
		return "space"
	}
	if r >= '！' && r <= '～' {
		return string(r - '！' + '!')
	}
	return ""
}
