package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSystemsAreRead(t *testing.T) {
	t.Setenv("LEDGER_TOKEN", "Bearer s3cret")
	for text, want := range map[string]string{
		`{"sun/ledger": {"url": "https://ledger.example/api", "headers": {"Authorization": "$LEDGER_TOKEN"},
			"allow": ["10.0.0.0/8"]}}`: "",
		`{"sun/ledger": {"url": "https://x", "headers": {"A": "$NOT_THERE"}}}`: "NOT_THERE",
		`{"sun/ledger": {"url": "ledger.example"}}`:                            "https://",
		`{"ledger": {"url": "https://x"}}`:                                     "office/system",
		`{"sun/ledger": {"uri": "https://x"}}`:                                 "uri",
		`{"sun/ledger": {"url": "https://x", "allow": ["10.0.0.1"]}}`:          "10.0.0.0/8",
		`[]`: "want {",
	} {
		file := filepath.Join(t.TempDir(), "systems.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readSystems(file)
		switch {
		case want == "" && (err != nil || got["sun/ledger"].Headers["Authorization"] != "Bearer s3cret" ||
			len(got["sun/ledger"].Allow) != 1):
			t.Errorf("read %+v: %v", got, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
