package engine

// TransferRequest gives a task to somebody else for good.
type TransferRequest struct {
	To   string // person's id
	Keep bool   // with the draft; else he begins afresh
	Note string // why, for the story of the case
	Key  string // idempotency key; "" = none
}

// DelegateRequest lets somebody else work on a task; then it comes back.
type DelegateRequest struct {
	To   string // person's id
	Note string
	Key  string
}

// SignersRequest asks more people to sign.
type SignersRequest struct {
	Place  string   // before, after, beside
	People []string // ids of persons
	Posts  []string // of each, one holder signs
	// Sign is how those before or after make one answer: all, all-at-end, any, in-order, 2/3, >1/2; "" = all. Those
	// beside count as the others do.
	Sign string
	Note string
	Key  string
}

// RemoveRequest takes out a signer who has not acted.
type RemoveRequest struct {
	Signer string // id of his task, as in SignerView
	Note   string
	Key    string
}

// ActView is something that may be done with a task or a case, or the reason why not.
type ActView struct {
	Act   string `json:"act"`
	On    string `json:"on,omitempty" doc:"of the part that it is done to; absent: the whole"`
	Title string `json:"title,omitempty" doc:"of what it is done to"`
	MayView
}

// ProposalView is what somebody to whom a task was delegated has answered.
type ProposalView struct {
	By     string `json:"by" doc:"id of the person"`
	Name   string `json:"name"`
	Answer string `json:"answer,omitempty"`
	Title  string `json:"title,omitempty" doc:"of the answer"`
	Note   string `json:"note,omitempty"`
}

// SignerView is one of those who sign a step.
type SignerView struct {
	Task   string `json:"task" doc:"id of the task; of one whose turn has not come, it is not open yet"`
	Who    string `json:"who" doc:"the person, or those of whom one signs"`
	State  string `json:"state" enum:"waiting,offered,claimed,started,held,given,answered,removed,withdrawn"`
	Place  string `json:"place,omitempty" enum:"before,after,beside" doc:"how he was added"`
	Parent string `json:"parent,omitempty" doc:"id of the task of the one who added him"`
	Weight string `json:"weight,omitempty" doc:"what the signature counts; absent: 1"`
	Answer string `json:"answer,omitempty"`
	Title  string `json:"title,omitempty" doc:"of the answer"`
	Remove bool   `json:"remove" doc:"whether you may take him out"`
}
