#!/bin/sh
# SPDX-License-Identifier: ISC
# dev.sh: ./dev says in one line what it was given wrong, and names files as its caller does.
set -eu
dev=$PWD/dev

# one_line WORDS ARGUMENT...: fails, with one line that has the words.
one_line() {
    words=$1
    shift
    if said=$("$dev" "$@" 2>&1); then
        echo "./dev $*: status 0" && exit 1
    fi
    case $said in
    *"
"*) echo "./dev $*: more than a line: $said" && exit 1 ;;
    *"$words"*) ;;
    *) echo "./dev $*: $said" && exit 1 ;;
    esac
}

one_line 'no verb has the name nosuch' nosuch
one_line 'no verb has the name nosuch' setup nosuch
one_line 'no preset has the name nosuch' build nosuch
cd /
"$dev" help | grep -q './dev build'

# A tree whose only program tells where it runs.
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/bin" "$tree/a tree/build/release"
cp "$dev" "${dev%dev}CMakePresets.json" "$tree/a tree"
printf '#!/bin/sh\npwd\n' >"$tree/a tree/build/release/where"
cp /bin/true "$tree/bin/cmake"
touch "$tree/a tree/build/release/build.ninja"
chmod 755 "$tree/a tree/build/release/where"
said=$(PATH="$tree/bin:$PATH" "$tree/a tree/dev" run where)
[ "$said" = / ] || { echo "./dev run changes the folder to $said" && exit 1; }
