package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
)

// tick is the unit of /proc/<pid>/stat: a hundredth of a second on every Linux.
const tick = 10 * time.Millisecond

// ownCPU is what this process has used.
func ownCPU() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// postmaster is the process id of the database's server, or "" if it is not on this machine.
var postmaster = sync.OnceValue(func() string {
	url, err := pgtest.Server()
	if err != nil {
		return ""
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return ""
	}
	defer conn.Close(ctx) //nolint:errcheck // it has answered
	var text string
	if err := conn.QueryRow(ctx, "SELECT pg_read_file('postmaster.pid')").Scan(&text); err != nil {
		return ""
	}
	pid, _, _ := strings.Cut(text, "\n")
	return pid
})

// databaseCPU is what the server and its children have used, those included that ended.
func databaseCPU() time.Duration {
	server := postmaster()
	if server == "" {
		return 0
	}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	var ticks int
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// The name of the program stands in brackets and may hold anything.
		fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
		const parent, user, system, childUser, childSystem = 1, 11, 12, 13, 14
		if len(fields) <= childSystem {
			continue
		}
		switch server {
		case fields[parent]:
			ticks += number(fields[user]) + number(fields[system])
		case filepath.Base(filepath.Dir(name)):
			ticks += number(fields[user]) + number(fields[system]) + number(fields[childUser]) + number(fields[childSystem])
		}
	}
	return time.Duration(ticks) * tick
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
