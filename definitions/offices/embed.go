// Package offices holds the procedures that are shipped with the server, as data.
package offices

import "embed"

// FS has one folder for each office: office.yaml, <procedure>.yaml, <procedure>.scenarios.yaml and texts.<lang>.yaml.
//
//go:embed sunshine/*.yaml expressway/*.yaml tobacco/*.yaml
var FS embed.FS
