package postgres

import (
	"math"
	"slices"
	"strings"
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

// separator stands between the texts of a list that is kept as one text, and around the offices of a transaction.
const separator = "\x1f"

func joined(who []store.Candidate) string {
	texts := make([]string, len(who))
	for i, w := range who {
		texts[i] = string(w)
	}
	return strings.Join(texts, separator)
}

func parted(text string) []store.Candidate {
	if text == "" {
		return nil
	}
	texts := strings.Split(text, separator)
	who := make([]store.Candidate, len(texts))
	for i, t := range texts {
		who[i] = store.Candidate(t)
	}
	return who
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

// texts is a list for the database, which knows no nil arrays.
func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
