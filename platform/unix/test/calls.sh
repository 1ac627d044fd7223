#!/bin/sh
# SPDX-License-Identifier: ISC
# calls.sh WEBSITE: a request over a connection that stays costs three system calls or fewer, and
# after the start nothing asks for memory; a file of a folder is sent by one, with its head. Exit 77: skipped.
set -u
website=$1
for tool in strace curl; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"; kill "$server" 2>/dev/null' EXIT

requests=200
mkdir "$out/folder"
head -c 1000 /dev/zero >"$out/folder/small.html"

# traced PARAMETER... has the website answer the requests, and writes its system calls to $out/calls.
traced() {
    "$website" --port=0 "$@" >/dev/null 2>"$out/log" &
    server=$!
    tries=0
    port=
    until [ "$port" ] && curl -s -o /dev/null "http://127.0.0.1:$port/small.html"; do
        port=$(sed -n 's,.*url=http://[a-z.0-9]*:\([0-9]*\)/.*,\1,p' "$out/log")
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { echo "the website does not answer"; cat "$out/log"; exit 1; }
        sleep 0.1
    done
    : >"$out/strace"
    strace -f -o "$out/calls" -p $server 2>"$out/strace" &
    tracer=$!
    tries=0
    until grep -q attached "$out/strace"; do
        grep -q 'not permitted' "$out/strace" && { echo "skipped: strace may not"; exit 77; }
        tries=$((tries + 1))
        [ $tries -lt 200 ] || { echo "skipped: strace does not start"; exit 77; }
        sleep 0.1
    done
    curl -s -o /dev/null "http://127.0.0.1:$port/small.html?[1-$requests]"
    kill -INT $tracer 2>/dev/null
    wait $tracer 2>/dev/null
    kill $server
    wait $server
}

failed=0
traced "--content=$out/folder"
sends=$(grep -cE '(sendto|sendmsg)\(' "$out/calls")
echo "$requests requests for a file of a folder: $sends calls of send"
[ "$sends" -le $((requests + 5)) ] || failed=1

traced
calls=$(grep -cE '(epoll_pwait2|recvfrom|sendto|sendmsg)\(' "$out/calls")
others=$(grep -vE '(epoll_pwait2|recvfrom|sendto|sendmsg)\(|resumed|---|\+\+\+' "$out/calls" | wc -l)
echo "$requests requests: $calls calls of epoll, recv and send, $others others"
if [ "$calls" -gt $((3 * requests + 10)) ] || [ "$others" -gt 15 ]; then
    echo "too many:"
    sed 's/^[0-9]* *//; s/(.*//' "$out/calls" | sort | uniq -c | sort -rn | head -n 20
    failed=1
fi
if grep -E '(brk|mmap|mremap|munmap)\(' "$out/calls"; then
    echo "memory was asked for after the start"
    failed=1
fi
exit $failed
