package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// spread is the median of the rounds, with the least and the greatest.
type spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	v := slices.Sorted(slices.Values(values))
	return spread{Median: v[len(v)/2], Min: v[0], Max: v[len(v)-1]}
}

// line is a line of the table.
type line struct {
	Store   string `json:"store"`
	Who     string `json:"who"`
	Clients int    `json:"clients"`
	Rate    spread `json:"steps_per_second"`
	// OfLimit and OfDBOS are the medians of ratios of one round each; 0 = there is nothing to compare with.
	OfLimit    spread  `json:"of_limit"`
	OfDBOS     spread  `json:"of_dbos"`
	P50        spread  `json:"p50_ms"`
	P99        spread  `json:"p99_ms"`
	CPU        spread  `json:"cpu_us_per_step"`
	Allocs     spread  `json:"allocs_per_step"`
	AllocBytes spread  `json:"alloc_bytes_per_step"`
	CaseBytes  float64 `json:"bytes_per_finished_case,omitempty"`
}

// result is one run of the bench.
type result struct {
	Date    time.Time   `json:"date"`
	Command string      `json:"command"`
	Machine string      `json:"machine"`
	Go      string      `json:"go"`
	Load    string      `json:"load_before"`
	Rounds  int         `json:"rounds,omitempty"`
	Window  string      `json:"window,omitempty"`
	Core    *coreShare  `json:"core,omitempty"`
	Check   *checkShare `json:"check,omitempty"`
	Lines   []line      `json:"lines,omitempty"`
	Nodes   *spread     `json:"two_nodes_of_one,omitempty"`
	Scale   *scale      `json:"scale,omitempty"`
}

func newResult(args []string) *result {
	return &result{
		Date: time.Now().UTC().Truncate(time.Second), Command: "go run . " + strings.Join(args, " "),
		Machine: machine(), Go: runtime.Version(), Load: busy(),
	}
}

func machine() string {
	name := runtime.GOARCH
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close() //nolint:errcheck // read only
		for s := bufio.NewScanner(f); s.Scan(); {
			if key, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s", name, runtime.NumCPU(), runtime.GOOS)
}

// busy is how busy the machine was in the last minute.
func busy() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	one, _, _ := strings.Cut(string(raw), " ")
	return one
}

// save writes the result under its date, and says where. A folder that is not there is made: a long run is not lost.
func (r *result) save(dir, kind string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // results are for all to read
		return "", err
	}
	name := filepath.Join(dir, kind+"-"+r.Date.Format("2006-01-02-1504")+".json")
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", err
	}
	return name, os.WriteFile(name, append(raw, '\n'), 0o644) //nolint:gosec // results are for all to read
}

// latest reads the youngest result of a kind that is not the one named not; nil if there is none.
func latest(dir, kind, not string) (*result, error) {
	names, err := filepath.Glob(filepath.Join(dir, kind+"-*.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	names = slices.DeleteFunc(names, func(n string) bool { return n == not })
	if len(names) == 0 {
		return nil, nil
	}
	raw, err := os.ReadFile(names[len(names)-1])
	if err != nil {
		return nil, err
	}
	r := &result{}
	if err := json.Unmarshal(raw, r); err != nil {
		return nil, fmt.Errorf("%s: %w", names[len(names)-1], err)
	}
	return r, nil
}

func (r *result) find(store, who string, clients int) *line {
	if r == nil {
		return nil
	}
	for i := range r.Lines {
		if l := &r.Lines[i]; l.Store == store && l.Who == who && l.Clients == clients {
			return l
		}
	}
	return nil
}
