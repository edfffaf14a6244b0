#!/usr/bin/env bash
# Installs Debian's PostgreSQL and PgBouncer for the tests, where they are missing. Does nothing where a server is named
# in GUICHENG_TEST_DATABASE_URL and PgBouncer is there.
set -euo pipefail

has_postgres() {
  [ -n "${GUICHENG_TEST_DATABASE_URL:-}" ] && return 0
  for dir in $(printf '%s' "$PATH" | tr ':' ' ') /usr/local/bin /usr/lib/postgresql/{18,17,16,15}/bin; do
    [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return 0
  done
  return 1
}

has_pgbouncer() {
  command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ]
}

missing=()
has_postgres || missing+=(postgresql)
has_pgbouncer || missing+=(pgbouncer)
[ ${#missing[@]} = 0 ] && exit 0

root=""
[ "$(id -u)" = 0 ] || root=sudo
$root apt-get update -q
# The tests start servers of their own: those of the packages need not run.
$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
