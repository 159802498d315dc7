# daybook.bash -- completion of daybook(1) for bash.
#
# Verbs and options are taken from the program's own help, which needs no daemon, so
# this file does not change with them.

_daybook_verbs()
{
	"$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

_daybook_options()
{
	"$1" ${2:+"$2"} --help 2>/dev/null | sed -n 's/^  \(--[a-z][a-z-]*\).*/\1/p'
}

# The first word that is neither an option nor the value of one that stands before it.
_daybook_verb()
{
	local at=1

	while [ "$at" -lt "$COMP_CWORD" ]; do
		case ${COMP_WORDS[at]} in
		--server | --data | --timeout) at=$((at + 1)) ;;
		-* | = | :) ;;
		*)
			echo "${COMP_WORDS[at]}"
			return
			;;
		esac
		at=$((at + 1))
	done
}

_daybook()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} verb

	COMPREPLY=()
	verb=$(_daybook_verb)
	case $before in
	--format)
		mapfile -t COMPREPLY < <(compgen -W 'table csv json jsonl' -- "$word")
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
	--errors)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	esac
	case $word in
	-*)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_daybook_options "$program" "$verb")" -- "$word")
		return
		;;
	esac
	case $verb in
	'' | help)
		mapfile -t COMPREPLY < <(
			compgen -W "$(_daybook_verbs "$program")" -- "$word")
		;;
	append)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		;;
	esac
}

complete -F _daybook daybook
