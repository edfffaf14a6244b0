package bench_test

import "testing"

type httpHouse struct{ *house }

func newServer(b *testing.B, _ int) *httpHouse { return &httpHouse{newEngine(b)} }
