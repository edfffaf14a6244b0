package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/engine"
)

const (
	// streamTime: how long a stream of events lives. Then the browser asks again, and who he is, is looked up anew.
	streamTime = 5 * time.Minute
	// pulse: how often something is sent though nothing happened, so that nobody between takes the stream for dead.
	pulse = 20 * time.Second
	// beatTime: for what is sent at once to be taken.
	beatTime = 10 * time.Second
)

// liveRoutes are outside of huma: a stream has no body that ends, and no time in which its work is done.
func (s *server) liveRoutes() {
	g := s.gin.Group(prefix)
	g.Handlers = gin.HandlersChain{s.witness, s.headers, s.sameOrigin, s.authenticate}
	g.GET("/events", s.events)
	o := s.op(http.MethodGet, prefix+"/events", "watch-inbox",
		"What happens to your tasks, and in a case that you look at, as server-sent events; each is of kind moved")
	o.Parameters = []*huma.Param{{
		Name: "case", In: "query", Description: "id or number of a case: all that happens in it is told, too",
		Schema: &huma.Schema{Type: huma.TypeString},
	}}
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[engine.Moved](), true, "")
	o.Responses["200"] = &huma.Response{
		Description: "Events as they happen; their data",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: schema}},
	}
	s.huma.OpenAPI().AddOperation(&o)
}

func (s *server) events(c *gin.Context) {
	if p := strictQuery(c, "lang", "case"); p != nil {
		s.refuse(c, p)
		return
	}
	id, err := s.caseID(c.Request.Context(), actorOf(c).Office, c.Query("case"))
	if err != nil {
		s.fail(c, err)
		return
	}
	watch, err := s.engine.Watch(c.Request.Context(), actorOf(c), id)
	if err != nil {
		s.fail(c, err)
		return
	}
	defer watch.Close()
	c.Header("Content-Type", "text/event-stream; charset=utf-8")
	c.Header("X-Accel-Buffering", "no") // proxies would gather events
	ctx, cancel := context.WithTimeout(c.Request.Context(), streamTime)
	defer cancel()
	out := &stream{to: c.Writer, control: http.NewResponseController(c.Writer)}
	if out.send("retry: 1000\n\n") != nil {
		return
	}
	beat := time.NewTicker(pulse)
	defer beat.Stop()
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case <-s.closing:
			return
		case <-beat.C:
			err = out.send(": here\n\n")
		case m := <-watch.Moves:
			var data []byte
			if data, err = json.Marshal(m); err == nil {
				err = out.send(fmt.Sprintf("event: moved\ndata: %s\n\n", data))
			}
		}
	}
}

// stream sends pieces of an answer, each at once.
type stream struct {
	to      http.ResponseWriter
	control *http.ResponseController
}

func (o *stream) send(text string) error {
	_ = o.control.SetWriteDeadline(time.Now().Add(beatTime)) // a writer that cannot be told has no limit
	if _, err := o.to.Write([]byte(text)); err != nil {
		return err
	}
	return o.control.Flush()
}
