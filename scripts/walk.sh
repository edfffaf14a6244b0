#!/usr/bin/env bash
# Takes the commands of the README's visit, as they stand there, and does them on a server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
guicheng=$PWD/bin/guicheng readme=$PWD/README.md address=127.0.0.1:18080

folder=$(mktemp -d)
cd "$folder"
"$guicheng" serve --demo --data data --listen "$address" >server.txt 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  grep -q 'listens on' server.txt && break
  kill -0 $server || { cat server.txt; exit 1; }
  sleep 0.1
done

link() { awk -v who="$1" '$1 == who {print $NF}' server.txt; }
awk '/^## A whole visit/ {on = 1; next} /^## / {on = 0} on && /^```/ {code = !code; next} on && code' "$readme" |
  sed -e "s#127.0.0.1:8080#$address#; s#LINK-OF-he#$(link he)#; s#LINK-OF-chen#$(link chen)#" >visit.sh
bash visit.sh | tee visit.txt
for want in '"name":"何志強"' '"name":"陳美玲"' '"status":"finished","outcome":"admitted"' \
  '"guard":"host.kind' '「來訪人士接待」結束：已放行'; do
  grep -qF "$want" visit.txt || { echo "the visit did not say $want"; cat server.txt; exit 1; }
done
echo "the README's visit works"
