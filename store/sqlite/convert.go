package sqlite

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/guicheng/guicheng/store"
)

// micros is how times are kept: microseconds since 1970; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// dueKey sorts tasks without a clock behind all others.
func dueKey(due time.Time) int64 {
	if due.IsZero() {
		return math.MaxInt64
	}
	return micros(due)
}

// blob makes nil an empty value, because columns are not null.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// orNull makes "" match nothing.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func encodeList[T ~string](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil { // strings always encode
		return "[]"
	}
	return string(b)
}

func decodeList[T ~string](text string) ([]T, error) {
	if text == "[]" {
		return nil, nil
	}
	var list []T
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("list %.60q in the database: %w", text, err)
	}
	return list, nil
}

// offered is who sees the task in the inbox: a claimed one is its holder's alone.
func offered(holder string, candidates []store.Candidate) []store.Candidate {
	if holder != "" {
		return []store.Candidate{store.Candidate("holder:" + holder)}
	}
	return distinct(candidates)
}

func distinct(who []store.Candidate) []store.Candidate {
	if len(who) < 2 {
		return who
	}
	sorted := slices.Sorted(slices.Values(who))
	return slices.Compact(sorted)
}
