package main

import "github.com/guicheng/guicheng/definitions"

// SchemaCmd prints the JSON Schema of the procedure language, for editors.
type SchemaCmd struct {
	Kind string `arg:"" optional:"" help:"Only of one kind of file: procedure, office, texts or scenarios."`
}

// Run prints it.
func (c *SchemaCmd) Run(s *Streams) error {
	text, err := definitions.Schema()
	if c.Kind != "" {
		text, err = definitions.SchemaFor(c.Kind)
	}
	if err == nil {
		_, err = s.Out.Write(text)
	}
	return err
}
