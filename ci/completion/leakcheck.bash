# SPDX-License-Identifier: Apache-2.0
#
# bash completion for leakcheck. Options, values and subcommands are read from its --help, so it offers what the
# installed version has.

# Prints a line "option placeholder" for each name of an option; - where it takes no value.
_leakcheck_options() {
    local line pattern='^  (--?[a-zA-Z-]+,)?(--[a-z-]+)( ([^ ]+))?(  |$)'
    while IFS= read -r line; do
        [[ $line =~ $pattern ]] || continue
        printf '%s %s\n' "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:--}"
        [[ ${BASH_REMATCH[1]} ]] && printf '%s %s\n' "${BASH_REMATCH[1]%,}" "${BASH_REMATCH[4]:--}"
    done <<<"$1"
}

_leakcheck_subcommands() {
    local line pattern='^ +leakcheck ([a-z]+)( |$)'
    while IFS= read -r line; do
        [[ $line =~ $pattern ]] && printf '%s\n' "${BASH_REMATCH[1]}"
    done <<<"$1"
}

# The words between "KINDS are some of" and the full stop.
_leakcheck_kinds() {
    local text=${1#*KINDS are some of }
    [[ $text != "$1" ]] || return 0
    text=${text%%.*}
    text=${text%% with commas*}
    printf '%s ' "${text//,/ }" all
}

# _leakcheck_value PLACEHOLDER HELP CURRENT
_leakcheck_value() {
    local before='' current=$3
    case $1 in
    FILE) COMPREPLY=($(compgen -f -- "$current")) && compopt -o filenames 2>/dev/null ;;
    DIR) COMPREPLY=($(compgen -d -- "$current")) && compopt -o filenames 2>/dev/null ;;
    KINDS)
        [[ $current == *,* ]] && before=${current%,*},
        COMPREPLY=($(compgen -P "$before" -W "$(_leakcheck_kinds "$2")" -- "${current##*,}"))
        ;;
    *'|'*) COMPREPLY=($(compgen -W "${1//|/ }" -- "$current")) ;;
    *) COMPREPLY=() ;;
    esac
}

_leakcheck() {
    local IFS=$' \t\n' program=${COMP_WORDS[0]} help options word placeholder index=1 subcommand=
    local -A takes=()
    COMPREPLY=()
    help=$("$program" --help 2>/dev/null) || return
    local subcommands
    subcommands=$(_leakcheck_subcommands "$help")
    if ((COMP_CWORD > 1)) && [[ $'\n'$subcommands$'\n' == *$'\n'"${COMP_WORDS[1]}"$'\n'* ]]; then
        subcommand=${COMP_WORDS[1]}
        help=$("$program" "$subcommand" --help 2>/dev/null) || return
        index=2
    fi
    options=$(_leakcheck_options "$help")
    while read -r word placeholder; do
        [[ $word ]] && takes[$word]=$placeholder
    done <<<"$options"

    # Walk to the word at the cursor: options, their values ("--x=y" is three words), then the command.
    while ((index < COMP_CWORD)); do
        word=${COMP_WORDS[index]}
        if [[ $word == -- || $word != -* ]]; then
            [[ $word == -- ]] && ((++index))
            [[ $subcommand ]] && { COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")); return; }
            _leakcheck_command "$index"
            return
        fi
        ((++index))
        [[ ${takes[$word]:--} == - ]] && continue
        [[ ${COMP_WORDS[index]} == = ]] && ((++index))
        if ((index >= COMP_CWORD)); then
            word=${takes[$word]} placeholder=${COMP_WORDS[COMP_CWORD]}
            _leakcheck_value "$word" "$help" "${placeholder#=}"
            return
        fi
        ((++index))
    done
    if [[ ${COMP_WORDS[COMP_CWORD]} == -* ]]; then
        COMPREPLY=($(compgen -W "${!takes[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
    elif [[ $subcommand ]]; then
        COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) && compopt -o filenames 2>/dev/null
    else
        _leakcheck_command "$index"
        ((COMP_CWORD == 1)) && COMPREPLY+=($(compgen -W "$subcommands" -- "${COMP_WORDS[1]}"))
    fi
    return 0
}

# Completes the command under test, whose words begin at the index given.
_leakcheck_command() {
    if declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif ((COMP_CWORD == $1)); then
        COMPREPLY=($(compgen -c -f -- "${COMP_WORDS[COMP_CWORD]}"))
    else
        COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
    fi
}

complete -F _leakcheck leakcheck
