#!/bin/sh
# h2load.sh PORT: a client that knows HTTP/2 and nothing of gRPC, and knocks hard.
port=$1
body=$(mktemp) || exit 2
trap 'rm -f "$body"' EXIT
printf '\000\000\000\000\000' >"$body" # one empty message

knock()
{
	out=$(h2load -n "$2" -c "$3" -m "$4" -d "$body" \
		-H 'content-type: application/grpc' -H 'te: trailers' \
		-H "authorization: Bearer $DAYBOOK_TOKEN" \
		"http://127.0.0.1:$port$1")
	if ! printf '%s\n' "$out" | grep -q "requests: $2 total, $2 started, $2 done, $2 succeeded, 0 failed, 0 errored"; then
		printf '%s\n' "$out" >&2
		exit 1
	fi
	printf 'h2load: %s, %s connections, %s at once: %s\n' "$1" "$3" "$4" \
		"$(printf '%s\n' "$out" | sed -n 's/^finished in //p')"
}

knock /grpc.health.v1.Health/Check 2000 64 1
knock /grpc.health.v1.Health/Check 20000 16 32
knock /daybook.v1.Daybook/GetStatus 5000 32 4
echo 'h2load: ok'
