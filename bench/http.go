package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// visitor is a client program that is signed in.
type visitor struct {
	url     string
	session string
	client  *http.Client
}

func openHTTP(kind string) func(context.Context, string, int) (*player, error) {
	return func(ctx context.Context, dir string, clients int) (*player, error) {
		st, at, err := openStore(ctx, kind, dir)
		if err != nil {
			return nil, err
		}
		h, err := openHouse(ctx, st)
		if err != nil {
			return nil, err
		}
		h.closers = append(h.closers, st.Close)
		v, stop, err := serve(ctx, h, st, clients)
		if err != nil {
			return nil, errors.Join(err, h.close())
		}
		return &player{w3: v.w3, at: at, close: func() error { return errors.Join(stop(), h.close()) }}, nil
	}
}

// serve puts the API on a socket, and signs chan in.
func serve(ctx context.Context, h *house, st store.Store, clients int) (*visitor, func() error, error) {
	door := staff.NewDoor(h.Keys(), h.Now)
	log := slog.New(slog.DiscardHandler)
	handler, err := api.New(api.Options{
		Engine: h.Engine, Door: door, Numbers: st, Logger: log, Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		return nil, nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	link, err := door.NewLink(ctx, "bench", "chan")
	if err != nil {
		return nil, nil, err
	}
	secret, _, err := door.SignIn(ctx, link.Token)
	if err != nil {
		return nil, nil, err
	}
	web := api.NewServer(handler, log)
	var serving sync.WaitGroup
	serving.Go(func() { _ = web.Serve(listener) }) // it ends with an error that says that it was closed
	v := &visitor{url: "http://" + listener.Addr().String(), session: secret.Token,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}}
	return v, func() error {
		v.client.CloseIdleConnections()
		err := web.Close()
		serving.Wait()
		return err
	}, nil
}

// reply is what a page needs of an answer to go on.
type reply struct {
	Tasks []struct {
		ID string `json:"id"`
	} `json:"tasks"`
}

// w3 runs one case over HTTP.
func (v *visitor) w3(ctx context.Context, tick func()) error {
	r, err := v.post(ctx, "/api/v1/procedures/three/cases", filled[0])
	if err != nil {
		return err
	}
	tick()
	for _, values := range filled[1:] {
		if len(r.Tasks) != 1 {
			return fmt.Errorf("%d tasks are open, want 1", len(r.Tasks))
		}
		if r, err = v.post(ctx, "/api/v1/tasks/"+r.Tasks[0].ID+"/complete", values); err != nil {
			return err
		}
		tick()
	}
	return nil
}

func (v *visitor) post(ctx context.Context, path, values string) (r reply, err error) {
	body := `{"values":` + values + `}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.url+path, strings.NewReader(body))
	if err != nil {
		return r, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+v.session)
	resp, err := v.client.Do(req)
	if err != nil {
		return r, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read to its end
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return r, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return r, fmt.Errorf("%s: %d %s", path, resp.StatusCode, raw)
	}
	return r, json.Unmarshal(raw, &r)
}

func (v *visitor) get(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+v.session)
	resp, err := v.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // it was read to its end
	raw, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %s", path, resp.StatusCode, raw)
	}
	return err
}
