package api

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestCheckJSON(t *testing.T) {
	t.Parallel()
	for body, good := range map[string]bool{
		`{}`: true, ` {"a":[1,"a","a",{"a":null,"b":{"a":true}}],"b":"a"} `: true, `{"a":{},"b":{"a":1}}`: true,
		`{"":1,"a":1}`: true, strings.Repeat(`{"a":`, maxDepth-1) + `{}` + strings.Repeat(`}`, maxDepth-1): true,
		strings.Repeat(`{"a":`, maxDepth) + `{}` + strings.Repeat(`}`, maxDepth): false,
		``: false, ` `: false, `null`: false, `"a"`: false, `[]`: false, `[{}]`: false, `{}x`: false, `{}{}`: false,
		`{"a":1,}`: false, `{"a" 1}`: false, `{a:1}`: false, `{"a":01}`: false, `{"a":[1,]}`: false, `{"a":1]`: false,
		`{"a":1,"a":2}`: false, `{"x":{"a":1,"\u0061":2}}`: false, `{"A":1,"a":2}`: false, `{"a":{},"a":[]}`: false,
		"{\"a\":\"\xed\xa0\x80\"}": false, `{"a":NaN}`: false, "{\"a\":\"\n\"}": false,
	} {
		if err := checkJSON([]byte(body)); (err == nil) != good {
			t.Errorf("%s: %v, want good %t", body, err, good)
		}
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}],"c":"d"}`, `{"a":1,"a":2}`, `[[[`, `{"a":1e9}`, `{}{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if checkJSON(body) != nil {
			return
		}
		var v map[string]json.RawMessage
		if err := json.Unmarshal(body, &v); err != nil || v == nil {
			t.Errorf("accepted, but not an object: %q: %v", body, err)
		}
	})
}

func TestAMisreadBodySaysWhere(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{\"a\": 1,\n \"一\": 2,,}":      "2:8",
		"{\"a\": 1,\n\"b\": \"\xff\"}":  "2:7",
		"{\"a\": 1, \"a\": 2}":          "1:12",
		"{\"a\": \"x\\u0000y\"}":        "1:16",
		"{} {}":                         "1:4",
		"[]":                            "1:1",
		"{\"values\": {\"name\": \"a\"": "1:23",
	} {
		bad, ok := errors.AsType[*misread](checkJSON([]byte(body)))
		if !ok {
			t.Errorf("%q is taken", body)
			continue
		}
		if at := bad.place([]byte(body)); at["line"]+":"+at["column"] != want {
			t.Errorf("%q is misread at %v, want %s", body, at, want)
		}
	}
}
