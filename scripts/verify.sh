#!/usr/bin/env bash
# Writes generated files anew and fails if that changed one; they are left new, so that they can be committed.
set -euo pipefail
cd "$(dirname "$0")/.."

state() {
  find . \( -name .git -o -name .tools -o -name bin -o -path ./data -o -path ./web/node_modules -o -path ./web/dist \
    -o -path ./web/openapi.json \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum
}

before=$(state)
go generate ./...
scripts/page.sh generate
if ! changed=$(diff <(echo "$before") <(state)); then
  echo "generated files were out of date, and are new now:"
  echo "$changed" | awk '/^>/ {print "  " $3}'
  exit 1
fi
go mod tidy -diff
(cd bench && go mod tidy -diff && go vet .)
