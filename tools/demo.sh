#!/bin/sh
#
# demo.sh -- a year of real trade through a real daemon, in your terminal.
#
# Starts build/daybookd on an empty directory under build/demo and sends it what
# tools/import makes of 541,909 invoice rows and 17,497 referrals, month by month.  After
# every month agents are paid: one source proposes, another approves, a bank that
# tools/import/bank.py plays pays most of it, and its statement is reconciled.  Then the
# demo shows what the book says of money and of goods: who hoards, what guards found, and
# a restock that the gate refuses and one that it allows.  It lets hledger work out the
# balances, too, stops the daemon, starts it again and compares the digests of the books.
# At the end an examiner who has nothing but an export and a key decides all records again
# and prints the reports.
#
#	tools/demo.sh [--sample]        5,000 rows instead of all
#	BUILD=build/san-address tools/demo.sh
#
# All times are those of the data, so that every run gives the same book.  Ends with 0
# only if everything came out as predicted.  Run by `make demo`.

set -u
cd "$(dirname "$0")/.." || exit 1
LC_ALL=C.UTF-8
export LC_ALL

build=${BUILD:-build}
demo=$build/demo
data=$demo/data
server=unix:$data/daybook.sock
summary=$demo/summary.json
months=$demo/months
paid=$demo/payouts
journal=$demo/book.journal
daemon=''
more=0

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
	"$build/daybookd" --data "$data" --no-clock >>"$demo/daybookd.log" 2>&1 &
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

# A month of trade.  3 says that some events were refused, which the data is known to
# cause; which ones is compared at the end.
trade()
{
	daybook append --quiet "$1"
	appended=$?
	case $appended in
	0 | 3) ;;
	*) fail "daybook append $1 ended with $appended" ;;
	esac
}

# Events of the demo's own: every one of them must be accepted.
book()
{
	daybook append --quiet --source "$1" "$2" || fail "append of $2 ended with $?"
	more=$((more + $(wc -l <"$2")))
}

# A step of paying: its events go to a file, its remarks to a log, and then to the book.
step()
{
	source=$1
	events=$paid/$2
	shift 2
	daybook payout "$@" >"$events" 2>>"$paid/remarks.txt"
	stepped=$?
	# Of a statement that leaves something out.
	[ "$stepped" -eq 0 ] || [ "$stepped,$1" = 3,reconcile ] ||
		fail "daybook payout $* ended with $stepped: see $paid/remarks.txt"
	book "$source" "$events"
}

next_month()
{
	year=${1%-*} month=${1#*-}
	month=$((${month#0} + 1))
	if [ "$month" -gt 12 ]; then
		year=$((year + 1)) month=1
	fi
	printf '%04d-%02d' "$year" "$month"
}

# Everybody who has 100 or more is paid in the first hours of the next month.
pay()
{
	month=$1
	day=$(next_month "$month")-01
	printf '{"effectiveAt":"%sT00:00:00Z","clockAdvanced":{}}\n' "$day" >"$paid/clock"
	book clock "$paid/clock"
	step finance-maker "$month-1-request" propose --min 100 --method BANK \
		--at "${day}T00:00:00Z"
	rm -f "$paid/$month.csv"
	if [ -s "$paid/$month-1-request" ]; then
		step finance-checker "$month-2-approve" approve --at "${day}T01:00:00Z"
		step treasury "$month-3-batch" batch --batch "$month" \
			--out "$paid/$month.csv" --at "${day}T02:00:00Z"
		step treasury "$month-4-send" send --provider bank --at "${day}T03:00:00Z"
	fi
	if [ -s "$paid/$month.csv" ]; then
		set -- --file "$paid/$month.csv"
	else
		set --
	fi
	tools/import/bank.py "$@" --state "$paid/bank.json" \
		--out "$paid/$month-statement.csv" || fail "the bank failed"
	step bank-clerk "$month-5-settle" reconcile --provider bank --events \
		--at "${day}T05:00:00Z" "$paid/$month-statement.csv"
}

# What the month brought, from its events and from what went to the bank and came back.
month_line()
{
	awk -F, -v month="$1" -v events="$(wc -l <"$months/$1.jsonl")" '
		FNR == 1 { file++; next }
		file == 1 { n++; gross += $4; tax += $5; net += $6 }
		file == 2 { fate[$3]++ }
		END {
			printf "%s  %7d  %7d  %12.3f  %11.3f  %12.3f  %7d  %6d  %8d\n",
				month, events, n, gross, tax, net, fate["settled"],
				fate["failed"], fate["returned"]
		}' "$2" "$paid/$1-statement.csv"
}

trade_and_pay()
{
	printf '%-7s  %7s  %7s  %12s  %11s  %12s  %7s  %6s  %8s\n' month events payouts \
		gross tax net settled failed returned
	echo payout,agent,payee_hash,gross,tax,net >"$paid/none.csv"
	for file in "$months"/*.jsonl; do
		month=$(basename "$file" .jsonl)
		trade "$file"
		# The network joins; nobody has earned anything yet.
		[ "$month" != 2010-11 ] || continue
		pay "$month"
		if [ -s "$paid/$month.csv" ]; then
			month_line "$month" "$paid/$month.csv"
		else
			month_line "$month" "$paid/none.csv"
		fi
	done
}

# The agent from whom most was kept for what returns took back.
find_netted()
{
	awk '/cause: netted/ && $1 ~ /^assets:/ {
			n = split($1, part, ":")
			sum[part[n]] -= $2
		}
		END {
			for (agent in sum)
				if (best == "" || sum[agent] > sum[best] ||
				    (sum[agent] == sum[best] && agent < best))
					best = agent
			if (best != "") print best
		}' "$journal"
}

# The largest payout of a few items that has both an agent's own goods and commission
# in it; if there is none, the largest of a few items.
find_payout()
{
	daybook payout list --state settled --limit 0 --format csv |
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
			$at["items"] >= 3 && $at["items"] <= 12 {
				print $at["gross"], $at["payout"]
			}' | sort -k1,1nr -k2 | head -n 50 >"$demo/candidates.txt"
	while read -r _ payout; do
		if daybook payout "$payout" --format csv | grep -q ',commission,' &&
			daybook payout "$payout" --format csv | grep -q ',proceeds,'; then
			echo "$payout"
			return
		fi
	done <"$demo/candidates.txt"
	awk 'NR == 1 { print $2 }' "$demo/candidates.txt"
}

show_people()
{
	agent=$(find_netted)
	if [ -n "$agent" ]; then
		show "Goods of $agent came back after it was paid" \
			statement "$agent" --figures
		show "What it then owed was kept from later earnings" \
			statement 1110 "$agent" --limit 12
	else
		heading "No claw-back was netted against later earnings in this sample"
	fi
	payout=$(find_payout)
	[ -z "$payout" ] ||
		show "A payout, back to the sales that earned it" payout "$payout"
}

# The statement of the last month once more: what it says is booked, and what it leaves
# out is still a difference.
show_differences()
{
	heading "The bank's last statement against the book"
	daybook payout reconcile --provider bank "$paid/$month-statement.csv"
	reconciled=$?
	case $reconciled in
	0 | 3) ;;
	*) fail "daybook payout reconcile ended with $reconciled" ;;
	esac
}

# What an agent sells well: the sku of which it sold most in the last 30 days, 60 % or more
# of what it had, with nothing left that is old.  Gives agents, skus and how many units
# would last 45 days.
find_sellers()
{
	daybook stock --measures --window 30 --limit 0 --format csv | awk -F, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["sell_through"] >= 600000 && $at["to_180"] + $at["older"] == 0 {
			qty = int(45 * $at["sold"] / 30) - $at["stock"]
			if (qty > 0) print $at["sold"], $at["agent"], $at["sku"], qty
		}' | sort -k1,1nr -k2,3 | head -n 50
}

# Of an agent: the sku that it has most of.
most_of()
{
	daybook stock --measures "$1" --largest --limit 1 --format csv |
		awk -F, 'NR == 2 { print $2 }'
}

# Asks for goods after the last payday: ask EXPECTED AGENT SKU QTY, 0 or 3 expected.
ask()
{
	expected=$1
	shift
	daybook restock ask "$@" --request "demo-$expected" --at "${day}T06:00:00Z"
	asked=$?
	[ "$asked" -eq "$expected" ] || fail "daybook restock ask $* ended with $asked"
}

show_hoards()
{
	heading "What reached consumers by month (20 % is the line), and the ten largest hoarders"
	daybook report stock --window 365 || fail "no report of stock"
	heading "What guards found, by rule, against what the converter predicted"
	daybook report stock --window 365 --format json >"$demo/stock.json" ||
		fail "no report of stock"
	daybook findings --all --limit 0 --format json >"$demo/findings.json" ||
		fail "no findings"
	python3 tools/import/compare_goods.py "$summary" "$demo/stock.json" \
		"$demo/findings.json" || fail "other findings or stock than predicted"
	show "The last findings that are red" findings --red --limit 5
}

show_gate()
{
	agent=$(daybook report stock --holders 1 --format csv | awk -F, 'NR == 2 { print $1 }')
	sku=$(most_of "$agent")
	heading "The largest hoarder asks for 100 more of $sku"
	ask 3 "$agent" "$sku" 100
	find_sellers >"$demo/sellers.txt"
	while read -r sold agent sku qty; do
		daybook restock ask "$agent" "$sku" "$qty" --dry-run \
			--at "${day}T06:00:00Z" >"$demo/asked.txt" || continue
		heading "An agent who sold $sold of $sku in 30 days asks for $qty"
		ask 0 "$agent" "$sku" "$qty"
		return
	done <"$demo/sellers.txt"
	heading "Nobody in this sample sells enough for a restock"
}

compare_with_hledger()
{
	heading "The same balances by hledger"
	if ! command -v hledger >/dev/null; then
		echo "hledger is not installed (tools/setup.sh build): left out"
		return
	fi
	hledger -f "$journal" balance --flat --no-total -O csv \
		>"$demo/hledger.csv" || fail "hledger does not accept $journal"
	daybook trial-balance --format json >"$demo/trial.json" || fail "no trial balance"
	daybook balances --limit 0 --format json >"$demo/balances.json" ||
		fail "no balances"
	python3 tools/import/compare_balances.py "$demo/hledger.csv" "$demo/trial.json" \
		"$demo/balances.json" || fail "other balances than hledger's"
}

# The last of it needs no daemon: a folder and a public key.
examine()
{
	heading "An examiner has the export and the key: every record is decided again"
	"$build/daybook" replay "$demo/export" --key "$data/keys/log.vkey" ||
		fail "the export does not come out as it was written"
	for report in pyramid finance disclosure; do
		law=''
		[ $report = pyramid ] && law='--pack cn,us,eu,science --law today'
		# shellcheck disable=SC2086
		"$build/daybook" report $report "$demo/export" $law --quiet \
			--key "$data/keys/log.vkey" --format html \
			--out "$demo/$report.html" || fail "no report $report"
	done
	heading "What the law of today would say of it: rules whose element is in the records"
	"$build/daybook" report pyramid "$demo/export" --pack cn,us,eu,science \
		--law today --quiet --key "$data/keys/log.vkey" --format json \
		--out "$demo/pyramid.json" || fail "no report pyramid"
	python3 tools/import/show_verdicts.py "$demo/pyramid.json" ||
		fail "the report's JSON cannot be read"
	heading "The reports, to look at in a browser"
	for report in pyramid finance disclosure; do
		echo "file://$(cd "$demo" && pwd)/$report.html"
	done
}

for program in "$build/daybookd" "$build/daybook"; do
	[ -x "$program" ] || fail "$program is missing: run make"
done
for program in python3 zstd; do
	command -v "$program" >/dev/null || fail "$program is needed"
done
rm -rf "$demo"
mkdir -p "$data" "$paid" || exit 1

heading "A fresh book in $data"
start_daemon
echo "daybookd runs as process $daemon, its diagnostics are in $demo/daybookd.log"

heading "Real invoices and referrals become events"
tools/import/online_retail.py ${sample:+"$sample"} --months "$months" \
	--summary "$summary" || fail "the converter failed"

heading "Month by month: trade comes in, then agents are paid"
trade_and_pay

show "Status" status
show "Trial balance: it must sum to 0" trial-balance
show "The ten largest balances" balances --largest --limit 10
show "What was refused, by rule" refusals
show "The plan that paid, and what the linter says of it" plan two-level
show "What commission cost, by level" report costs --by level
show "What agents owe because goods came back, by age" report clawbacks --limit 10
show "The register of payouts, and what it comes to" report payouts --limit 10
show_differences

heading "Outcomes, against what the converter predicted"
for verb in status refusals "report costs"; do
	# shellcheck disable=SC2086
	daybook $verb --format json >"$demo/${verb#report }.json" ||
		fail "daybook $verb --format json ended with $?"
done
python3 tools/import/compare_outcomes.py "$summary" "$demo/status.json" \
	"$demo/refusals.json" --costs "$demo/costs.json" --more "$more" ||
	fail "other outcomes than predicted"

show_hoards
show_gate
show "The eight abstentions, in numbers" report scorecard

daybook export --hledger "$journal" || fail "no export"
show_people
compare_with_hledger

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
daybook export "$demo/export" >"$demo/export.txt" || fail "no export"
stop_daemon
examine
heading "All as predicted."
