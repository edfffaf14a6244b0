package core

// Act names something that a person may do with a task or a case. The names are part of the API and never change.
type Act string

// Possible is an act with the answer to whether this person may do it now. Nothing is hidden: an act that is not
// possible is listed with its reason, so that a page can show both.
type Possible struct {
	Act Act
	Why *Rejection // nil = it may be done
}
