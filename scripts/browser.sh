#!/usr/bin/env bash
# Plays whole procedures in a real browser, by several people in windows of their own, against bin/guicheng on a fresh
# store. SCREENSHOTS=folder keeps pictures; further arguments are test files in web/e2e.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
  root=""
  [ "$(id -u)" = 0 ] || root=sudo
  $root apt-get update -q && $root apt-get install -qy --no-install-recommends chromium
fi
CHROMIUM=$(command -v "${CHROMIUM:-chromium}")
export CHROMIUM

cd web
[ $# -gt 0 ] || set -- e2e/*.test.mjs
exec node --test --test-concurrency=2 "$@"
