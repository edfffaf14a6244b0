package main

import "github.com/guicheng/guicheng/api"

// OpenAPICmd prints the description of the HTTP API, for makers of clients.
type OpenAPICmd struct{}

// Run prints it.
func (*OpenAPICmd) Run(s *Streams) error {
	text, err := api.Describe(version())
	if err == nil {
		_, err = s.Out.Write(text)
	}
	return err
}
