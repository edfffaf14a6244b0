#!/usr/bin/env bash
# Runs every fuzz target of the module for a time, one after another: go test takes only one at a time.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20s}

found=0
for package in $(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    found=$((found + 1))
    echo "== $package $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$seconds" "$package"
  done
done
echo "$found fuzz targets"
