#!/usr/bin/env bash
# Plants faults into the core, one at a time, and plays made-up procedures until the reference interpreter disagrees;
# where it does not, the core's own tests must. scripts/mutants.txt lists them: file, what is written, what is written
# instead. The files themselves stay as they are.
# Usage: scripts/mutants.sh [seconds for each, 60] [word that a fault's line has]
set -euo pipefail
cd "$(dirname "$0")/.."
limit=${1:-60} only=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs tests with the fault, for so many seconds at most: those that have not ended then hang.
try() { go test -vet=off -count=1 -timeout "$1s" -overlay "$work/overlay.json" "${@:2}" >"$work/said" 2>&1; }

survived=0
while IFS=$'\t' read -r file old new; do
  [[ -z $file || $file == \#* ]] && continue
  [[ $file$old$new == *"$only"* ]] || continue
  old=$(printf '%b' "$old") new=$(printf '%b' "$new")
  fault="$file: $(tr -s '\n\t' ' ' <<<"$old -> $new")"
  if [[ $(OLD=$old perl -0ne '$n = () = /\Q$ENV{OLD}\E/g; print $n' "engine/core/$file") != 1 ]]; then
    echo "not there once: $fault"
    survived=$((survived + 1))
    continue
  fi
  OLD=$old NEW=$new perl -0pe 's/\Q$ENV{OLD}\E/$ENV{NEW}/' "engine/core/$file" >"$work/$file"
  printf '{"Replace": {"%s": "%s"}}' "$PWD/engine/core/$file" "$work/$file" >"$work/overlay.json"
  if try $((limit + 60)) ./engine/sim/oracle -run TestPlaysOn -for "${limit}s" -shrink=false; then
    if try 300 ./engine/core; then
      echo "SURVIVED  $fault"
      survived=$((survived + 1))
      continue
    fi
    by='by a test'
  else
    by=caught
  fi
  if grep -q 'test timed out' "$work/said"; then
    echo "hangs     $fault"
  elif runs=$(grep -o '[0-9]* runs, [0-9]* inputs' "$work/said" | tail -1); [[ -n $runs ]]; then
    echo "$by    $fault  ($runs)"
  elif test=$(grep -o -m 1 -e '--- FAIL: .*/[^ ]*' "$work/said" || grep -m 1 -e '--- FAIL' "$work/said"); then
    echo "$by $fault  (${test#*--- FAIL: })"
  else
    echo "DOES NOT BUILD  $fault"
    tail -5 "$work/said"
    survived=$((survived + 1))
  fi
done <scripts/mutants.txt
echo "$survived not caught"
exit $((survived > 0))
