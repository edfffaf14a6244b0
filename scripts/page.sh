#!/usr/bin/env bash
# Does what concerns the inbox page: installs its packages where they are missing or old, and then
#   page.sh build       builds it into web/dist
#   page.sh generate    writes the client's types anew from the API's description
set -euo pipefail
cd "$(dirname "$0")/../web"

has=$(node --version 2>/dev/null || echo none)
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || a === 20 && b >= 19 ? 0 : 1)' \
  2>/dev/null || {
  echo "the page needs Node 20.19 or later (https://nodejs.org), here is $has; without it: make run WEB=0" >&2
  exit 1
}
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent

case "${1:-}" in
build) npm run --silent build ;;
generate)
  go run ../cmd/guicheng openapi >openapi.json
  npm run --silent generate >/dev/null
  ;;
*)
  echo "usage: page.sh build|generate" >&2
  exit 2
  ;;
esac
