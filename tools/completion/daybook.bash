# daybook.bash -- completion of daybook(1) for bash.
#
# Verbs and options are taken from the program's own help, which needs no daemon, so
# this file does not change with them.

_daybook_verbs()
{
	"$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# The words that may follow a verb: "list" of "payout".
_daybook_below()
{
	"$1" "$2" --help 2>/dev/null |
		sed -n '/^Words:$/,/^$/s/^  \([a-z][a-z-]*\)  .*/\1/p'
}

_daybook_options()
{
	"$1" ${2:+"$2"} ${3:+"$3"} --help 2>/dev/null |
		sed -n 's/^  \(--[a-z][a-z-]*\).*/\1/p'
}

# The N-th word that is neither an option nor the value of one that all verbs take.
_daybook_word()
{
	local at=1 left=$1

	while [ "$at" -lt "$COMP_CWORD" ]; do
		case ${COMP_WORDS[at]} in
		--server | --data | --timeout | --token-file | --ca | --crl | --certificate | --certificate-key) at=$((at + 1)) ;;
		-* | = | :) ;;
		*)
			left=$((left - 1))
			if [ "$left" = 0 ]; then
				echo "${COMP_WORDS[at]}"
				return
			fi
			;;
		esac
		at=$((at + 1))
	done
}

_daybook()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} verb below of

	COMPREPLY=()
	verb=$(_daybook_word 1)
	below=$(_daybook_word 2)
	case $before in
	--format)
		of='table csv json jsonl'
		case $below in pyramid | finance | disclosure) of='text json html' ;; esac
		mapfile -t COMPREPLY < <(compgen -W "$of" -- "$word")
		return
		;;
	--pack)
		mapfile -t COMPREPLY < <(compgen -W 'cn us eu science' -- "$word")
		return
		;;
	--language)
		mapfile -t COMPREPLY < <(compgen -W 'en zh' -- "$word")
		return
		;;
	--place)
		mapfile -t COMPREPLY < <(compgen -W 'physical cloud' -- "$word")
		return
		;;
	--data)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		return
		;;
	--state)
		[ "$verb" = findings ] && {
			mapfile -t COMPREPLY < <(
				compgen -W 'open acknowledged resolved' -- "$word")
			return
		}
		mapfile -t COMPREPLY < <(compgen -W 'requested approved batched sent
			unknown settled rejected cancelled failed returned' -- "$word")
		return
		;;
	--by)
		[ "$below" = network ] && of='month day whole' || of='plan level channel'
		mapfile -t COMPREPLY < <(compgen -W "$of" -- "$word")
		return
		;;
	--show)
		mapfile -t COMPREPLY < <(compgen -W 'active share bought sold' -- "$word")
		return
		;;
	--kind)
		mapfile -t COMPREPLY < <(compgen -W 'paid-not-shipped shipped-not-paid
			received-not-paid received-unshipped refunded-not-returned
			shipped-not-received' -- "$word")
		return
		;;
	--role)
		mapfile -t COMPREPLY < <(
			compgen -W 'ingest read finance regulator admin' -- "$word")
		return
		;;
	--errors | --ids | --out | --sign | --key | --json | --for-certificate | --policy)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	esac
	case $word in
	-*)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_daybook_options "$program" "$verb" "$below")" \
				-- "$word")
		return
		;;
	esac
	[ "$verb" = help ] && of=$below || of=$verb
	case $verb${below:+ $below} in
	'' | help)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_daybook_verbs "$program")" -- "$word")
		;;
	payout | report | plan | restock | findings | guards | override | source | token | \
		'help source' | 'help payout' | 'help report' | 'help plan' | 'help restock' | \
		'help findings' | 'help guards' | 'help override' | 'help token')
		mapfile -t COMPREPLY < <(
			compgen -W "$(_daybook_below "$program" "$of")" \
				-- "$word")
		;;
	receipt)
		mapfile -t COMPREPLY < <(
			compgen -W 'payout order statement position' -- "$word")
		;;
	export | backup | replay | 'report pyramid' | 'report finance' | 'report disclosure')
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		;;
	verify | append | seal | 'source new-key' | 'plan lint' | 'guards lint' | 'payout reconcile')
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		;;
	esac
}

complete -F _daybook daybook
