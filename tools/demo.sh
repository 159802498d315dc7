#!/bin/sh
#
# demo.sh -- a year of real trade through a real daemon, in your terminal.
#
# Starts build/daybookd on an empty directory under build/demo, sends it what
# tools/import makes of 541,909 invoice rows and 17,497 referrals, shows what the book
# says, stops the daemon, starts it again and compares the digests of the books.
#
#	tools/demo.sh [--sample]        5,000 rows instead of all
#	BUILD=build/san-address tools/demo.sh
#
# Ends with 0 only if everything came out as predicted.  Run by `make demo`.

set -u
cd "$(dirname "$0")/.." || exit 1

build=${BUILD:-build}
demo=$build/demo
data=$demo/data
server=unix:$data/daybook.sock
summary=$demo/summary.json
daemon=''

case ${1-} in
'' | --sample) sample=${1-} ;;
*)
	echo "usage: tools/demo.sh [--sample]" >&2
	exit 2
	;;
esac

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi

heading()
{
	printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

fail()
{
	echo "demo: $1" >&2
	if [ -s "$demo/daybookd.log" ]; then
		echo "demo: the end of $demo/daybookd.log:" >&2
		tail -n 5 "$demo/daybookd.log" >&2
	fi
	exit 1
}

daybook()
{
	"$build/daybook" --server "$server" "$@"
}

show()
{
	heading "$1"
	shift
	daybook "$@" || fail "daybook $* ended with $?"
}

start_daemon()
{
	"$build/daybookd" --data "$data" >>"$demo/daybookd.log" 2>&1 &
	daemon=$!
	tries=0
	until daybook status >/dev/null 2>&1; do
		kill -0 "$daemon" 2>/dev/null || fail "daybookd did not start"
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || fail "daybookd does not answer after 30 s"
		sleep 0.1
	done
}

stop_daemon()
{
	kill -TERM "$daemon" || fail "daybookd is gone"
	wait "$daemon"
	status=$?
	daemon=''
	[ "$status" -eq 0 ] || fail "daybookd ended with $status"
}

leave()
{
	status=$?
	trap - EXIT
	if [ -n "$daemon" ]; then
		kill -TERM "$daemon" 2>/dev/null
		wait "$daemon"
	fi
	exit "$status"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The pipeline's own status is that of append: 3 says that some events were refused,
# which the data is known to cause.
append_everything()
{
	{
		tools/import/online_retail.py ${sample:+"$sample"} --summary "$summary"
		echo $? >"$demo/converter.status"
	} | daybook append -
	appended=$?
	[ "$(cat "$demo/converter.status")" = 0 ] || fail "the converter failed"
	case $appended in
	0 | 3) ;;
	*) fail "daybook append ended with $appended" ;;
	esac
}

for program in "$build/daybookd" "$build/daybook"; do
	[ -x "$program" ] || fail "$program is missing: run make"
done
for program in python3 zstd; do
	command -v "$program" >/dev/null || fail "$program is needed"
done
rm -rf "$demo"
mkdir -p "$data" || exit 1

heading "A fresh book in $data"
start_daemon
echo "daybookd runs as process $daemon, its diagnostics are in $demo/daybookd.log"

heading "Real invoices and referrals become events"
append_everything

show "Status" status
show "Trial balance: it must sum to 0" trial-balance
show "The ten largest balances" balances --largest --limit 10
show "Who holds most, and how much of it reached consumers" \
	stock --by-holder --largest --agents --limit 10
show "What was refused, by rule" refusals

heading "Outcomes, against what the converter predicted"
for verb in status refusals; do
	daybook "$verb" --format json >"$demo/$verb.json" ||
		fail "daybook $verb --format json ended with $?"
done
python3 tools/import/compare_outcomes.py "$summary" "$demo/status.json" \
	"$demo/refusals.json" || fail "other outcomes than predicted"

heading "On disk"
du -sh "$data"

show "The digest of the books" digest
before=$(daybook digest)

heading "Stopped and started again"
stop_daemon
start_daemon
after=$(daybook digest)
echo "$after"
[ "$before" = "$after" ] || fail "the books have another digest after a restart"
echo "the same digest: the log gave the same books"
stop_daemon
heading "All as predicted."
