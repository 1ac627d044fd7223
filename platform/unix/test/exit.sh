#!/bin/sh
# SPDX-License-Identifier: ISC
# exit.sh FAULT: each way of ending has the status of holm/abi/exit.h, and a crash tells where.
set -u
fault=$1
failed=0
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT

# ends STATUS WORDS [ARGUMENT...]: the image ends with the status and says the words.
ends() {
    wanted=$1 words=$2
    shift 2
    "$fault" "$@" >"$out/out" 2>"$out/err"
    is=$?
    if [ "$is" != "$wanted" ]; then
        echo "fault $*: status $is, not $wanted"
        cat "$out/err"
        failed=1
    fi
    if [ "$words" ] && ! cat "$out/out" "$out/err" | grep -q -- "$words"; then
        echo "fault $*: does not say '$words':"
        cat "$out/err"
        failed=1
    fi
}

# stops STATUS SIGNALS WORDS [ARGUMENT...]: ends with the status after so many SIGTERM, and says so.
stops() {
    wanted=$1 signals=$2 words=$3
    shift 3
    mkfifo "$out/ready"
    "$fault" "$@" >"$out/ready" 2>"$out/err" &
    pid=$!
    read -r line <"$out/ready"
    rm "$out/ready"
    [ "$line" = ready ] || failed=1
    kill -TERM $pid
    [ "$signals" = 1 ] || { sleep 0.2 && kill -TERM $pid; }
    wait $pid
    is=$?
    [ "$signals" = 1 ] || grep -q 'second signal; streams dropped: 0$' "$out/err" || is="$is, and silent"
    [ "$is" = "$wanted" ] && { [ -z "$words" ] || grep -q -- "$words" "$out/err"; } && return
    echo "fault $* after $signals SIGTERM: status $is, not $wanted"
    cat "$out/err"
    failed=1
}

ends 0 ''
ends 0 'Parameters' --help
ends 1 'the image failed.*refused' --kind=failed
ends 3 'no such parameter' --nothing=1
ends 3 'kind' --kind=other
ends 4 'not enough memory' --memory=1MiB
ends 6 'fault: .*at 0x0' --kind=memory
ends 6 'in task main' --kind=check
ends 6 'fault: a check failed' --kind=call
ends 7 'in task deep: its stack was too small' --kind=stack
ends 0 'a task does not yield.*task=slow' --kind=slow --hog=10ms
stops 0 1 '' --kind=wait
stops 9 1 '' --kind=busy --stop_time=50ms
stops 8 2 '' --kind=busy
stops 8 2 'the processor was kept by task main' --kind=hog

# The addresses of a report lead to the source.
symbolizer=$(command -v llvm-symbolizer-19 llvm-symbolizer | head -n 1)
if [ "$symbolizer" ]; then
    "$fault" --kind=memory 2>"$out/err"
    sed -n 's/.*#[0-9]* image+\(0x[0-9a-f]*\)$/\1/p' "$out/err" |
        "$symbolizer" --obj="$fault" --relative-address >"$out/names"
    for name in touch holm_main; do
        grep -q "^$name" "$out/names" && continue
        echo "the backtrace does not lead to $name:"
        cat "$out/err" "$out/names"
        failed=1
    done
else
    echo "skipped: llvm-symbolizer is not here, so no address was resolved"
fi
exit $failed
