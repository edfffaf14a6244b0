package formula

// Failure is an evaluation that gave no result.
type Failure struct {
	Code    string // absent, limit, arithmetic, type
	Path    string // the empty field, for absent
	Message string
}

// Error implements error.
func (f *Failure) Error() string { return f.Message }
