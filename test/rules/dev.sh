#!/bin/sh
# SPDX-License-Identifier: ISC
# dev.sh: ./dev says in one line what it was given wrong, names files as its caller does, and runs images in
# a sandbox where it can.
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
one_line 'no bench has the name nosuch' bench nosuch
dev=$PWD/tools/tap.sh
one_line 'no verb has the name nosuch' nosuch
one_line 'no address and length, such as 10.9.0.1/24: 10.9.0.1' up nosuch0 10.9.0.1
one_line 'there is no interface nosuch0' down nosuch0
dev=$PWD/dev
cd /
# To ask for help does nothing else.
for verb in build test clean coverage fmt bench; do
    [ "$("$dev" $verb --help)" = "$("$dev" help)" ] || { echo "./dev $verb --help does not give the help" && exit 1; }
done
# The help names every verb.
for verb in $(sed -n '/^case $verb in/,/^esac/s/^\([a-z]*\)[ |)].*/\1/p' "$dev" | grep -v '^case\|^help\|^esac'); do
    "$dev" help | grep -q "^  ./dev $verb " || { echo "./dev help does not name $verb" && exit 1; }
done

# A tree that builds nothing.
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/bin" "$tree/a tree/build/release" "$tree/a tree/example/there" "$tree/a tree/tools"
touch "$tree/a tree/tools/fetch.py"
cp "$dev" "${dev%dev}CMakePresets.json" "$tree/a tree"
touch "$tree/a tree/build/release/build.ninja"
printf 'holm_unikernel(there SOURCES there.c)\n' >"$tree/a tree/example/there/CMakeLists.txt"
printf '#!/bin/sh\necho "ninja: error: unknown target '"'nosuch'"'"\nexit 1\n' >"$tree/bin/cmake"
chmod 755 "$tree/bin/cmake"
path=$PATH PATH="$tree/bin:$PATH" dev="$tree/a tree/dev"
one_line 'no program has the name nosuch; is its folder in CMakeLists.txt? There are: there' run nosuch
mkdir "$tree/a tree/build/fuzz"
touch "$tree/a tree/build/fuzz/build.ninja"
echo 'there a b - c' >"$tree/a tree/build/fuzz/fuzzers.txt"
cp /bin/true "$tree/bin/cmake"
one_line 'no fuzz target has the name nosuch: there' fuzz nosuch
PATH=$path

# A tree whose only program tells where it runs.
printf '#!/bin/sh\npwd\n' >"$tree/a tree/build/release/where"
cp /bin/true "$tree/bin/cmake"
chmod 755 "$tree/a tree/build/release/where"
said=$(PATH="$tree/bin:$PATH" "$tree/a tree/dev" run where)
[ "$said" = / ] || { echo "./dev run changes the folder to $said" && exit 1; }

# Its image is run by the monitor; where that wants a network and there is none for it, a line says so, and
# the program runs instead.
release="$tree/a tree/build/release"
touch "$release/where.holm"
cat >"$release/holm" <<'END'
#!/bin/sh
[ "$1" = inspect ] && cat "$2" && exit
shift
echo "run $*"
END
cat >"$tree/bin/ip" <<'END'
#!/bin/sh
case "$*" in
'link show holm0') [ -e "${0%/bin/ip}/tap" ] ;;
'-4 -o address show dev holm0') echo '2: holm0 inet 10.9.0.1/24 scope global' ;;
esac
END
cat >"$tree/a tree/tools/tap.sh" <<'END'
here=${0%/a tree/tools/tap.sh}
[ -e "$here/rights" ] || exit 1
[ "$1" = down ] && rm "$here/tap" || touch "$here/tap"
END
chmod 755 "$release/holm" "$tree/bin/ip"

# runs WORDS WANTED ARGUMENT...: what ./dev run where ARGUMENT... prints, and says aside.
runs() {
    words=$1 wanted=$2
    shift 2
    said=$(PATH="$tree/bin:$PATH" "$tree/a tree/dev" run where "$@" 2>"$tree/aside")
    [ "$said" = "$wanted" ] || { echo "./dev run where $*: $said, not $wanted" && exit 1; }
    [ -z "$words" ] || grep -q "$words" "$tree/aside" || { echo "./dev run where $*: says $(cat "$tree/aside")" && exit 1; }
}

image=$release/where.holm net=--net=service=tap:holm0
runs '' "run $image --count=1" --count=1
runs '' / --network=host
echo '  net service' >"$image"
runs 'not in a sandbox' / --port=1
touch "$tree/rights"
runs 'the address 10.9.0.2' "run $net $image --ipv4=10.9.0.2/24,10.9.0.1 --port=1" --port=1
[ ! -e "$tree/tap" ] || { echo './dev run leaves the interface that it made' && exit 1; }
touch "$tree/tap"
runs '' "run $net $image --ipv4=dhcp" --ipv4=dhcp
[ -e "$tree/tap" ] || { echo './dev run removes an interface that it did not make' && exit 1; }
