// Package web holds the inbox page as it was built: `make build` builds it into dist, and the server carries it.
package web

import (
	"embed"
	"io/fs"
)

// dist is what Vite builds. The folder stands in the repository empty, so that Go needs no Node.
//
//go:embed all:dist
var dist embed.FS

// Page is the built page, with index.html at its top; nil if it was not built.
func Page() fs.FS {
	page, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(page, "index.html"); err != nil {
		return nil
	}
	return page
}
