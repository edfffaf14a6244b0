package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store/sqlite"
)

// server is the API on a real socket, with one signed-in client program.
type server struct {
	url     string
	session string
	client  *http.Client
}

func newServer(b *testing.B, clients int) *server {
	b.Helper()
	h := newEngine(b)
	db, ok := h.store.(*sqlite.Store)
	if !ok {
		b.Fatal("not an SQLite store")
	}
	door := staff.NewDoor(db, h.Now)
	log := slog.New(slog.DiscardHandler)
	handler, err := api.New(api.Options{
		Engine: h.Engine, Door: door, Numbers: db, Logger: log, Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	web := api.NewServer(handler, log)
	go web.Serve(listener)
	b.Cleanup(func() { _ = web.Close() })
	link, err := door.NewLink(b.Context(), "bench", "chan")
	if err != nil {
		b.Fatal(err)
	}
	secret, _, err := door.SignIn(b.Context(), link.Token)
	if err != nil {
		b.Fatal(err)
	}
	return &server{
		url: "http://" + listener.Addr().String(), session: secret.Token,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
	}
}

type answer struct {
	Tasks []struct {
		ID string `json:"id"`
	} `json:"tasks"`
}

// w3 runs one case of three steps over HTTP.
func (s *server) w3(int64) error {
	a, err := s.post("/api/v1/procedures/three/cases")
	if err != nil {
		return err
	}
	for range 3 {
		if len(a.Tasks) != 1 {
			return fmt.Errorf("%d tasks are open, want 1", len(a.Tasks))
		}
		if a, err = s.post("/api/v1/tasks/" + a.Tasks[0].ID + "/complete"); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) post(path string) (answer, error) {
	var a answer
	req, err := http.NewRequest(http.MethodPost, s.url+path, bytes.NewReader([]byte("{}")))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.session)
	resp, err := s.client.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return a, fmt.Errorf("%s: %d %s", path, resp.StatusCode, raw)
	}
	err = json.Unmarshal(raw, &a)
	return a, err
}
