package api

import "time"

// All limits of the door, and why they are what they are.
const (
	// maxBody: bytes of a request. A form of an office is some kilobytes; its drafts may be longer.
	maxBody = 1 << 20
	// maxUpload: bytes of a deployment, the only larger thing that is sent.
	maxUpload = 4 << 20
	// maxDepth: arrays and objects within one another. Forms need five.
	maxDepth = 64
	// maxFaults, maxPath: of a request's own faults, as they are told; a name that nobody knows may be long.
	maxFaults = 100
	maxPath   = 120
	// maxHeader: bytes of all headers of a request.
	maxHeader = 32 << 10

	// headerTime, readTime: who sends slower than this keeps a connection for nothing.
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	// writeTime: from the end of the headers to the end of the answer, so that it holds the work, too.
	writeTime = 60 * time.Second
	idleTime  = 2 * time.Minute
	// workTime: of the work alone, so that there is an answer when a store does not; readyTime: of a question whether the
	// store is there, which a balancer asks and does not wait for.
	workTime  = writeTime - 10*time.Second
	readyTime = 3 * time.Second

	// retryAfter: seconds, for those who come when there is too much to do, or no disk to write to.
	retryAfter = "2"
)
