#!/usr/bin/env bash
# Plants faults into the core, one at a time, and plays made-up procedures until the reference interpreter disagrees;
# where it does not, the core's own tests must. scripts/mutants.txt lists them: file, what is written, what is written
# instead. The files themselves stay as they are.
# Usage: scripts/mutants.sh [time for each, 60s] [word that a fault's line has]
set -euo pipefail
cd "$(dirname "$0")/.."
limit=${1:-60s} only=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

survived=0
while IFS=$'\t' read -r file old new; do
  [[ -z $file || $file == \#* ]] && continue
  [[ $file$old$new == *"$only"* ]] || continue
  old=$(printf '%b' "$old") new=$(printf '%b' "$new")
  if [[ $(OLD=$old perl -0ne '$n = () = /\Q$ENV{OLD}\E/g; print $n' "engine/core/$file") != 1 ]]; then
    echo "not there once: $file: $old"
    survived=$((survived + 1))
    continue
  fi
  OLD=$old NEW=$new perl -0pe 's/\Q$ENV{OLD}\E/$ENV{NEW}/' "engine/core/$file" >"$work/$file"
  printf '{"Replace": {"%s": "%s"}}' "$PWD/engine/core/$file" "$work/$file" >"$work/overlay.json"
  if go test -vet=off -count=1 -timeout 10m -overlay "$work/overlay.json" ./engine/sim/oracle \
    -run TestPlaysOn -for "$limit" -shrink=false >"$work/said" 2>&1; then
    if go test -vet=off -count=1 -overlay "$work/overlay.json" ./engine/core >"$work/said" 2>&1; then
      echo "SURVIVED  $file: $(tr -s '\n\t' ' ' <<<"$old -> $new")"
      survived=$((survived + 1))
    else
      test=$(grep -o -m 1 -e '--- FAIL: .*/[^ ]*' "$work/said" || grep -m 1 -e '--- FAIL' "$work/said")
      echo "by a test $file: $(tr -s '\n\t' ' ' <<<"$old -> $new")  (${test#*--- FAIL: })"
    fi
  elif runs=$(grep -o '[0-9]* runs, [0-9]* inputs' "$work/said" | tail -1); [[ -n $runs ]]; then
    echo "caught    $file: $(tr -s '\n\t' ' ' <<<"$old -> $new")  ($runs)"
  elif grep -q 'test timed out' "$work/said"; then
    echo "hangs     $file: $(tr -s '\n\t' ' ' <<<"$old -> $new")"
  else
    echo "DOES NOT BUILD  $file: $(tr -s '\n\t' ' ' <<<"$old -> $new")"
    tail -5 "$work/said"
    survived=$((survived + 1))
  fi
done <scripts/mutants.txt
echo "$survived not caught"
exit $((survived > 0))
