package definitions

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxSeries is the number of characters that a pattern of running numbers may have.
const maxSeries = 64

// ParseSeries reads the pattern of a running number. It has exactly one {n} or {n:3}, and any of {yyyy}, {mm}, {dd}.
func ParseSeries(pattern string) (Series, error) {
	s := Series{Pattern: pattern}
	if len(pattern) > maxSeries {
		return s, fmt.Errorf("the pattern of a number has at most %d characters", maxSeries)
	}
	counts := 0
	for rest := pattern; rest != ""; {
		text, after, found := strings.Cut(rest, "{")
		if strings.ContainsRune(text, '}') {
			return s, errors.New("a } without {")
		}
		if text != "" {
			s.Parts = append(s.Parts, SeriesPart{Text: text})
		}
		if !found {
			break
		}
		name, more, closed := strings.Cut(after, "}")
		if !closed {
			return s, errors.New("a { without }")
		}
		part, err := seriesPart(name)
		if err != nil {
			return s, err
		}
		if part.Name == "n" {
			counts++
		}
		s.Parts = append(s.Parts, part)
		rest = more
	}
	if counts != 1 {
		return s, fmt.Errorf("the pattern of a number has {n} once, not %d times", counts)
	}
	return s, nil
}

func seriesPart(name string) (SeriesPart, error) {
	switch name {
	case "yyyy", "mm", "dd", "n":
		return SeriesPart{Name: name}, nil
	}
	if digits, ok := strings.CutPrefix(name, "n:"); ok {
		if width, err := strconv.Atoi(digits); err == nil && width >= 1 && width <= 9 {
			return SeriesPart{Name: "n", Width: width}, nil
		}
	}
	return SeriesPart{}, fmt.Errorf("{%s} is none of {yyyy}, {mm}, {dd}, {n}, {n:3}", clipped(name))
}
