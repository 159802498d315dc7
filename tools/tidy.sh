#!/bin/sh
# tidy.sh -- what the style of this code is checked by.  Silent but for the sum when all
# is well.  Exceptions stand here, each with its reason.
set -u
cd "$(dirname "$0")/.." || exit 1
count=$(mktemp)
trap 'rm -f "$count"' EXIT

# rule NAME: the offending lines come on standard input; none is a pass.
rule()
{
	found=$(cat)
	if [ -n "$found" ]; then
		echo "tidy: $1:"
		echo "$found" | sed 's/^/  /' | head -n 20
		echo failed >>"$count"
	else
		echo passed >>"$count"
	fi
}

sources=$(git ls-files '*.c' '*.h')
code=$(echo "$sources" | grep -v '^tests/')
src=$(echo "$sources" | grep '^src/')

wc -l $sources | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' |
	rule "a file above 600 lines has two subjects"

ctags -L - --languages=C --kinds-C=f --fields=+ne -f - 2>/dev/null <<EOT |
$(echo "$sources")
EOT
	awk -F'\t' '{ l = e = 0
		for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) l = substr($i, 6); if ($i ~ /^end:/) e = substr($i, 5) }
		if (e - l + 1 > 70) print $2 ":" l ": " $1 " has " e - l + 1 " lines" }' |
	rule "a function above 70 lines"

awk 'length($0) > 100 { print FILENAME ":" FNR }' $sources | rule "a line above 100 columns"

grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $sources | rule "a promise in the code"

grep -nE '\b(sprintf|strcpy|strcat|gets|atoi|atol|rand|srand|strtok)\(' $code |
	rule "a banned function"

# src asks nobody for the time, starts no thread, prints nothing.  assert.c prints before
# it aborts.
grep -nE '\b(printf|puts|perror|time|gettimeofday|clock_gettime|pthread_create|getenv|setlocale)\(' $src |
	grep -v '^src/base/assert.c' | rule "src prints, starts a thread or asks for the time"

grep -nE '\b(float|double)\b' $(echo "$src" | grep -E '^src/(base|event|plan|guard|books|replay|ledger|log|views|query|facts|metrics|rules|report)/') |
	grep -vE '^src/event/json_parse.c|^[^:]*:[0-9]*:(/\*| \*|.*/\*)' | rule "floating point in the ledger"

# JSON knows only doubles; json_parse.c takes the whole ones among them.
# Each outside library is included in one place.
only()
{
	grep -nE "#include <$1" $code | grep -vE "^($2)" | rule "$1 belongs to $2"
}
only 'lmdb\.h' 'src/store/|tools/bench/'
only 'nghttp2/' 'src/rpc/'
only 'uv\.h' 'daemon/'
only 'sodium\.h' 'src/base/(hash|secret|sign)\.c'
only 'openssl/' 'src/base/sha256\.c|src/rpc/tls'
only 'sqlite3\.h' 'tools/export/sqlite.c'
only 'jansson\.h' 'src/event/json'
only 'protobuf-c/' 'src/event/json|src/service/|tools/'

# Layers: a folder includes only what stands before it (src/README.md).
layers()
{
	grep -nE '#include "[a-z]+/' $(echo "$src" | grep "^src/$1/") |
		grep -vE "#include \"($2)/" | rule "src/$1 knows only $2"
}
layers base 'base'
layers event 'base|event'
layers store 'base|store'
layers tlog 'base|tlog'
layers log 'base|store|log'
layers access 'base|store|access'
layers proof 'base|event|tlog|log|access|proof'
layers plan 'base|event|plan'
layers guard 'base|event|guard'
layers books 'base|event|plan|guard|books'
layers replay 'base|event|books|replay'
layers ledger 'base|event|store|log|guard|books|replay|ledger'
layers views 'base|event|store|books|views'
layers query 'base|event|books|views|query'
layers facts 'base|event|books|facts'
layers metrics 'base|event|books|guard|facts|metrics'
layers rules 'base|event|metrics|rules'
layers report 'base|tlog|books|facts|metrics|rules|report'
layers rpc 'base|rpc'

for f in $(echo "$code" | grep '\.c$' | grep -E '^(src|daemon|tools)/'); do
	grep -q "$(basename "$f" .c)" "$(dirname "$f")/README.md" 2>/dev/null || echo "$f"
done | rule "a file that its folder's README does not name"

for d in $(git ls-files | grep / | grep -v '^\.' | xargs -n1 dirname | sort -u); do
	case $d in
	tests/fuzz/corpus* | proto/*/* | proto/* | include/* | */man | */completion | tests/data) continue ;;
	esac
	[ -f "$d/README.md" ] || echo "$d"
done | rule "a folder without a README.md"

failed=$(grep -c failed "$count")
echo "tidy: $(grep -c passed "$count") passed, $failed failed"
[ "$failed" = 0 ]
