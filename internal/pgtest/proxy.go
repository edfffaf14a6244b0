package pgtest

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// Cut says when a Proxy cuts a connection.
type Cut int32

// The moments of a cut.
const (
	Never  Cut = iota
	Before     // when the client sends something, which the server does not get
	After      // when the server says that it has done it, which the client does not get
)

// Proxy stands between a store and the server.
type Proxy struct {
	listener net.Listener
	target   string
	when     atomic.Int32
	mark     atomic.Value // of what is cut: other statements go between
	marked   atomic.Bool  // it was sent, and is not answered yet

	mu    sync.Mutex
	conns []net.Conn
	ways  sync.WaitGroup
}

// ThroughProxy returns the DSN with a proxy in it. It has one connection, so that it is known which one is cut.
func ThroughProxy(t testing.TB, dsn string) (*Proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, target: u.Host}
	t.Cleanup(p.Down)
	p.ways.Go(p.serve)
	u.Host = l.Addr().String()
	u.RawQuery += "&pool_max_conns=1"
	return p, u.String()
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := new(net.Dialer).DialContext(context.Background(), "tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		p.ways.Go(func() { p.toServer(client, server) })
		p.ways.Go(func() { p.toClient(client, server) })
	}
}

// Arm has the statement with this parameter cut, once.
func (p *Proxy) Arm(when Cut, mark string) {
	p.mark.Store([]byte(mark))
	p.marked.Store(false)
	p.when.Store(int32(when))
}

// Armed tells whether the statement did not come yet.
func (p *Proxy) Armed() bool { return Cut(p.when.Load()) != Never }

func (p *Proxy) isMarked(sent []byte) bool {
	mark, ok := p.mark.Load().([]byte)
	return ok && bytes.Contains(sent, mark)
}

// Down refuses new connections and cuts those there are.
func (p *Proxy) Down() {
	_ = p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
}

func closeBoth(a, b net.Conn) {
	_ = a.Close()
	_ = b.Close()
}

func (p *Proxy) toServer(client, server net.Conn) {
	defer closeBoth(client, server)
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		if p.isMarked(buf[:n]) {
			if p.when.CompareAndSwap(int32(Before), int32(Never)) {
				return
			}
			p.marked.Store(true)
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// toClient passes message by message; readiness comes when all is committed.
func (p *Proxy) toClient(client, server net.Conn) {
	defer closeBoth(client, server)
	for {
		head := make([]byte, 5)
		if _, err := io.ReadFull(server, head); err != nil {
			return
		}
		body := make([]byte, int(binary.BigEndian.Uint32(head[1:]))-4)
		if _, err := io.ReadFull(server, body); err != nil {
			return
		}
		if head[0] == 'Z' && p.marked.Load() && p.when.CompareAndSwap(int32(After), int32(Never)) {
			return
		}
		if _, err := client.Write(slices.Concat(head, body)); err != nil {
			return
		}
	}
}
