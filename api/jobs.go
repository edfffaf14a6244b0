package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/engine"
)

// workerKey is where authenticate leaves the machine that asks.
const workerKey = "worker"

// Machine is what every request of a worker says: nothing but its secret, which authenticate has read.
type Machine struct {
	Lang string `query:"lang" doc:"of sentences, before Accept-Language: zh-Hant, zh-Hans, en, or as in zh-TW"`

	worker engine.Worker
}

var _ huma.Resolver = (*Machine)(nil)

// Resolve takes who asks from what authenticate found out.
func (m *Machine) Resolve(ctx huma.Context) []error {
	v, _ := humagin.Unwrap(ctx).Get(workerKey)
	m.worker, _ = v.(engine.Worker)
	return wrongQuery(ctx, m.Lang)
}

// Fetched are jobs that are the worker's now.
type Fetched struct {
	Jobs []engine.JobView `json:"jobs"`
}

// Held says until when a job is the worker's.
type Held struct {
	Until time.Time `json:"until"`
}

// Workers are the machines that may fetch jobs.
type Workers struct {
	Workers []engine.WorkerView `json:"workers"`
}

// Token is the secret of a worker. It is shown this once only.
type Token struct {
	Token string `json:"token" doc:"to be sent as Authorization: Bearer"`
}

type (
	fetchInput struct {
		Machine
		Body struct {
			Kinds   []string `json:"kinds,omitempty" maxItems:"50" nullable:"false" doc:"absent: all that you may do"`
			Limit   int      `json:"limit,omitempty" minimum:"1" maximum:"50" doc:"absent: 1"`
			LockFor int      `json:"lock_for,omitempty" minimum:"1" maximum:"86400" doc:"seconds; absent: 60"`
			Wait    int      `json:"wait,omitempty" minimum:"0" maximum:"30" doc:"seconds to wait for a job; absent: 0"`
		}
	}
	holdInput struct {
		Machine
		ID   string `path:"id" maxLength:"100"`
		Body struct {
			Fence   int64 `json:"fence" doc:"as it came with the job"`
			LockFor int   `json:"lock_for" minimum:"1" maximum:"86400" doc:"seconds from now"`
		}
	}
	completeJobInput struct {
		Machine
		ID   string `path:"id" maxLength:"100"`
		Body struct {
			Fence   int64   `json:"fence" doc:"as it came with the job"`
			Outcome string  `json:"outcome,omitempty" maxLength:"64" doc:"where the procedure names outcomes"`
			Values  *object `json:"values,omitempty" doc:"the answer, as the procedure declares it"`
		}
	}
	failJobInput struct {
		Machine
		ID   string `path:"id" maxLength:"100"`
		Body struct {
			Fence      int64  `json:"fence" doc:"as it came with the job"`
			Error      string `json:"error,omitempty" maxLength:"64" doc:"one that the procedure names"`
			Message    string `json:"message,omitempty" maxLength:"500" doc:"for people"`
			RetryAfter int    `json:"retry_after,omitempty" minimum:"0" maximum:"86400" doc:"seconds, at the least"`
			Final      bool   `json:"final,omitempty" doc:"trying again is of no use"`
		}
	}
	workerInput struct {
		Asked
		ID string `path:"id" maxLength:"64"`
	}
	putWorkerInput struct {
		Asked
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Title string   `json:"title,omitempty" maxLength:"200"`
			Kinds []string `json:"kinds" minItems:"1" maxItems:"50" nullable:"false"`
		}
	}
	nothing struct{}
)

func (s *server) jobRoutes() {
	route(s, s.op(http.MethodPost, prefix+"/jobs/fetch", "fetch-jobs", "Take jobs, or wait for one", machine), s.fetchJobs)
	route(s, s.op(http.MethodPost, prefix+"/jobs/{id}/extend", "extend-job", "Keep a job for longer", machine), s.holdJob)
	routeRaw(s, s.op(http.MethodPost, prefix+"/jobs/{id}/complete", "complete-job", "Bring the answer of a job", machine,
		noContent), s.completeJob)
	routeRaw(s, s.op(http.MethodPost, prefix+"/jobs/{id}/fail", "fail-job", "Say that a job could not be done", machine,
		noContent), s.failJob)
	route(s, s.op(http.MethodGet, prefix+"/workers", "list-workers", "The machines that may fetch jobs"), s.workers)
	route(s, s.op(http.MethodPut, prefix+"/workers/{id}", "put-worker",
		"Let a machine fetch jobs of these kinds; the answer is its secret, and one that it had before ends"), s.putWorker)
	routeRaw(s, s.op(http.MethodDelete, prefix+"/workers/{id}", "drop-worker", "Take a machine's right away", noContent),
		s.dropWorker)
}

// machine operations need the secret of a worker, and no session will do.
func machine(s *server, o *huma.Operation) {
	o.Security = []map[string][]string{{"worker": {}}}
	s.machines[o.Method+" "+ginPath(o.Path)] = true
}

// authenticateWorker finds out which machine asks. A session is none.
func (s *server) authenticateWorker(c *gin.Context) {
	scheme, token, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		s.refuse(c, refusal(codeNoWorker))
		return
	}
	w, err := s.engine.Worker(c.Request.Context(), strings.TrimSpace(token))
	if engine.CodeOf(err) == engine.CodeNotSignedIn {
		s.refuse(c, refusal(codeNoWorker))
		return
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Set(workerKey, w)
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

func (s *server) fetchJobs(ctx context.Context, in *fetchInput) (Fetched, error) {
	jobs, err := s.engine.FetchJobs(ctx, in.worker, engine.FetchRequest{
		Kinds: in.Body.Kinds, Limit: in.Body.Limit, LockFor: seconds(in.Body.LockFor), Wait: seconds(in.Body.Wait),
	})
	return Fetched{Jobs: append([]engine.JobView{}, jobs...)}, err
}

func (s *server) holdJob(ctx context.Context, in *holdInput) (Held, error) {
	until, err := s.engine.HoldJob(ctx, in.worker, in.ID, in.Body.Fence, seconds(in.Body.LockFor))
	return Held{Until: until}, err
}

func (s *server) completeJob(ctx context.Context, in *completeJobInput) (*nothing, error) {
	answer := engine.JobAnswer{Outcome: in.Body.Outcome}
	if in.Body.Values != nil {
		answer.Values = in.Body.Values.RawMessage
	}
	return nil, s.engine.CompleteJob(ctx, in.worker, in.ID, in.Body.Fence, answer)
}

func (s *server) failJob(ctx context.Context, in *failJobInput) (*nothing, error) {
	return nil, s.engine.FailJob(ctx, in.worker, in.ID, in.Body.Fence, engine.JobFailure{
		Error: in.Body.Error, Message: in.Body.Message, RetryAfter: seconds(in.Body.RetryAfter), Final: in.Body.Final,
	})
}

func (s *server) workers(ctx context.Context, in *Asked) (Workers, error) {
	list, err := s.engine.Workers(ctx, in.actor())
	return Workers{Workers: append([]engine.WorkerView{}, list...)}, err
}

func (s *server) putWorker(ctx context.Context, in *putWorkerInput) (Token, error) {
	secret, err := s.engine.PutWorker(ctx, in.actor(), engine.WorkerView{
		ID: in.ID, Title: in.Body.Title, Kinds: in.Body.Kinds,
	})
	return Token{Token: secret}, err
}

func (s *server) dropWorker(ctx context.Context, in *workerInput) (*nothing, error) {
	return nil, s.engine.DropWorker(ctx, in.actor(), in.ID)
}
