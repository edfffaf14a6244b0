package engine

import (
	"encoding/json"
	"time"
)

// Worker is a machine that was recognised by its secret, and what it may fetch.
type Worker struct {
	Office string
	ID     string
	Kinds  []string
}

// FetchRequest asks for jobs.
type FetchRequest struct {
	Kinds   []string      // none = all that the worker may fetch
	Limit   int           // 1 to 50; below 1 means 1
	LockFor time.Duration // 1 second to 24 hours; 0 means a minute
	Wait    time.Duration // for one to come, at most 30 seconds
}

// JobView is a job as its worker sees it.
type JobView struct {
	ID        string          `json:"id"`
	Fence     int64           `json:"fence" doc:"say it whenever you speak of the job: by it a late answer is known"`
	Kind      string          `json:"kind"`
	Case      string          `json:"case"`
	Number    string          `json:"number" doc:"number of the case"`
	Procedure string          `json:"procedure"`
	Step      string          `json:"step"`
	Values    json.RawMessage `json:"values" doc:"what the procedure gives"`
	Tries     int             `json:"tries" doc:"how often it was given out, this time among them"`
	Until     time.Time       `json:"until" doc:"it is yours until then"`
}

// JobAnswer is what came of a job.
type JobAnswer struct {
	Outcome string          `json:"outcome,omitempty"`
	Values  json.RawMessage `json:"values,omitempty"` // as the procedure declares its answer
}

// JobFailure says that a job could not be done.
type JobFailure struct {
	Error      string        `json:"error,omitempty"` // one that the procedure names
	Message    string        `json:"message,omitempty"`
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Final      bool          `json:"final,omitempty"` // trying again is of no use
}

// WorkerView is a machine that may fetch jobs, as administrators see it.
type WorkerView struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Kinds     []string  `json:"kinds" doc:"kinds of jobs that it may fetch"`
	Changed   time.Time `json:"changed"`
	ChangedBy string    `json:"changed_by"`
}
