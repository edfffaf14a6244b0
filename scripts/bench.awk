# Prints what `go test -bench` says as one table a package. A metric of the benchmark's own stands in the last column.
function human(ns) {
  if (ns >= 1e9) return sprintf("%.2f s", ns / 1e9)
  if (ns >= 1e6) return sprintf("%.2f ms", ns / 1e6)
  if (ns >= 1e3) return sprintf("%.2f us", ns / 1e3)
  return sprintf("%.0f ns", ns)
}
/^(goos|goarch):/ { next }
/^cpu:/ && !cpu++ { print substr($0, 6) }
/^pkg:/ { package = $2; sub(/^github.com\/guicheng\/guicheng\/?/, "", package); next }
/^Benchmark/ && NF > 2 {
  if (package != shown) {
    shown = package
    printf "\n%-52s %12s %12s %12s %10s  %s\n", package, "one", "a second", "bytes", "allocs", "also"
  }
  name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
  bytes = allocs = also = ""; one = 0
  for (i = 3; i < NF; i += 2) {
    unit = $(i + 1)
    if (unit == "ns/op") one = $i
    else if (unit == "B/op") bytes = $i
    else if (unit == "allocs/op") allocs = $i
    else also = also $i " " unit "  "
  }
  rate = one ? sprintf("%.0f", 1e9 / one) : ""
  printf "%-52s %12s %12s %12s %10s  %s\n", "  " name, human(one), rate, bytes, allocs, also
}
/^(---|FAIL|panic|\t|    )/ { print; if (/^FAIL/) failed = 1 }
END { exit failed }
