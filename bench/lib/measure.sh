# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What the benchmarks share: finding programs, running them under leakcheck in each of its modes and under
# its peers, keeping figures and taking medians. To be sourced by a script that has set `build`. Every figure of a
# NAME is a line of the file "$results/NAME", which goes away when the script ends.
export LC_ALL=C
build=${build:?}
script=$(basename "$0")
leakcheck=$build/bin/leakcheck
results=$(mktemp -d)
stop() {
    # shellcheck disable=SC2046 # a word a job
    kill $(jobs -p) 2>/dev/null || true
    rm -rf "$results"
}
trap stop EXIT
left_out=()
leakcheck_options=() # further ones, for all runs

fail() {
    echo "$script: $*" >&2
    exit 1
}

# need PROGRAM...: ends the script where one is not built.
need() {
    local program
    for program in "$leakcheck" "$@"; do
        [ -x "$program" ] || fail "$program is not there; configure with -DLEAKCHECK_BENCH=ON and build"
    done
}

# leave_out WHAT WHY: notes once what the tables do not show.
leave_out() {
    local note="$1 ($2)" known
    for known in "${left_out[@]}"; do [ "$known" != "$note" ] || return 0; done
    left_out+=("$note")
}

print_left_out() {
    [ ${#left_out[@]} -eq 0 ] || printf 'left out: %s\n' "${left_out[@]}"
}

have() {
    command -v "$1" >/dev/null && return
    leave_out "$1" "not installed"
    return 1
}

# mode_options MODE: sets `options` to those of leakcheck; a mode is "-s N" or a value of --sampling.
mode_options() {
    case $1 in
        -s*) options=(-s "${1#-s }") ;;
        *) options=(--sampling "$1") ;;
    esac
}

# keep_known_modes MODE...: sets `modes` to those that this build of leakcheck knows.
keep_known_modes() {
    local mode options
    modes=()
    for mode; do
        mode_options "$mode"
        if "$leakcheck" --quiet --no-github "${options[@]}" -- true >/dev/null 2>&1; then
            modes+=("$mode")
        else
            leave_out "leakcheck $mode" "this build does not know it"
        fi
    done
}

# under_leakcheck MODE COMMAND...: with what stands in `leakcheck_options` besides.
under_leakcheck() {
    local mode=$1 options
    shift
    mode_options "$mode"
    "$leakcheck" --quiet --no-github --exit-zero "${options[@]}" "${leakcheck_options[@]}" -- "$@"
}

under_heaptrack() { (cd "$results" && heaptrack "$@"); }

under_valgrind() { valgrind -q --leak-check=full "$@"; }

# under_memleak RATE COMMAND...: memleak compiles and attaches for seconds, so the program, which stops itself
# where BENCH_STOP is set, goes on only when memleak has printed its first (empty) list.
under_memleak() {
    local rate=$1
    shift
    rm -f "$results/memleak.log" # of the last time, which has such a list
    BENCH_STOP=1 "$@" >"$results/memleak.out" &
    local program=$!
    memleak-bpfcc -p "$program" -s "$rate" --combined-only 1 >"$results/memleak.log" 2>&1 &
    local tracer=$!
    until grep -qs 'outstanding allocations' "$results/memleak.log"; do
        kill -0 "$tracer" 2>/dev/null || { tail -n 1 "$results/memleak.log" >&2; break; }
        sleep 0.2
    done
    kill -CONT "$program"
    wait "$program"
    kill -INT "$tracer" 2>/dev/null || true
    wait "$tracer" 2>/dev/null || true
    cat "$results/memleak.out"
}

# shellcheck disable=SC2034 # cpu and wall are for the scripts
# timed COMMAND...: sets `cpu`, the seconds of user and system time of the command and of all that it waited for, and
# `wall`; sets `figure` to what the command prints as a number on a line of its own, the last of them. All are
# "nan" where the command fails, and `figure` where it prints none.
timed() {
    local TIMEFORMAT='%U %S %R' user system
    cpu=nan wall=nan figure=nan
    if ! { time "$@" >"$results/out" 2>"$results/error"; } 2>"$results/time"; then
        echo "$script: $* failed: $(tail -n 1 "$results/error")" >&2
        return 0
    fi
    read -r user system wall <"$results/time"
    cpu=$(calculate "$user + $system")
    figure=$({ grep -Eo '^[0-9]+(\.[0-9]+)?$' "$results/out" || echo nan; } | tail -n 1)
}

# calculate EXPRESSION: of awk; what is calculated from "nan" is "nan".
calculate() {
    case $1 in
        *nan*) echo nan ;;
        *) awk "BEGIN {printf \"%.9g\\n\", $1}" ;;
    esac
}

# keep NAME FIGURE: appends to the figures of NAME.
keep() { echo "$2" >>"$results/$1"; }

# middle: the median of the lines of standard input that are not "nan".
middle() {
    { grep -v nan || true; } | sort -g |
        awk '{v[NR] = $1} END {print NR == 0 ? "nan" : (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'
}

median() { middle <"$results/$1"; }

# median_ratio NAME BASE: the median over the rounds of NAME's figure through BASE's of the same round.
median_ratio() {
    paste "$results/$1" "$results/$2" | awk '{print /nan/ ? "nan" : $1 / $2}' | middle
}

# median_difference NAME BASE: likewise, of NAME's figure less BASE's.
median_difference() {
    paste "$results/$1" "$results/$2" | awk '{print /nan/ ? "nan" : $1 - $2}' | middle
}

# percent RATIO: what is added to the whole that the ratio is to.
percent() { number '%.1f %%' "$(calculate "100 * ($1 - 1)")"; }

# number FORMAT FIGURE: as printf, but "-" for "nan".
# shellcheck disable=SC2059 # the format is the caller's
number() { if [ "$2" = nan ]; then echo -; else printf "$1" "$2"; fi; }
