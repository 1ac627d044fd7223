#!/bin/sh
# SPDX-License-Identifier: ISC
# test_callgraph.sh BUILD: programs that callgraph.py must pass, programs that it must refuse with the
# words they name, on each machine that it reads; and computed stacks that painted ones must not
# exceed. Run from the root.
set -eu
build=$1/callgraph
here=tools/test
failed=0
flags='-std=gnu23 -O2 -g -ffreestanding -fsanitize=kcfi -fstack-size-section -ffunction-sections'
passes='aligned deep jump kinds layers pushed table'
fails='direct mutual pointer unbounded unknown untyped'

# link MACHINE PROGRAM: of all its files.
link() {
    # shellcheck disable=SC2046
    ld.lld-19 -pie --emit-relocs --gc-sections -e program -o "$build/$1/$2" \
        $(ls "$build/$1/$2".o "$build/$1/$2"_[ab].o 2>/dev/null)
}

# graph MACHINE PROGRAM: what the tool says of it.
graph() {
    /usr/bin/python3 -B tools/callgraph.py --declared "$build/declared" --root program "$build/$1/$2" 2>&1
}

rm -rf "${build:?}"
mkdir -p "$build"
echo 'outside 40 # with all below it' >"$build/declared"
for machine in x86_64-linux-gnu aarch64-linux-gnu riscv64-linux-gnu armv7-linux-gnueabihf i686-linux-gnu; do
    mkdir "$build/$machine"
    for file in $here/pass_*.c $here/fail_*.c; do
        # shellcheck disable=SC2086
        clang-19 --target=$machine $flags -c "$file" -o "$build/$machine/$(basename "$file" .c).o"
    done
    for program in $passes; do
        link $machine pass_$program
        said=$(graph $machine pass_$program) && continue
        echo "$machine pass_$program: refused: $said" && failed=1
    done
    for program in $fails; do
        link $machine fail_$program
        wanted=$(cat $here/fail_$program*.c | sed -n 's/.*wanted: \(.*\) \*\/$/\1/p')
        if said=$(graph $machine fail_$program); then
            echo "$machine fail_$program: accepted: $said" && failed=1
        fi
        case $said in *"$wanted"*) ;; *) echo "$machine fail_$program: not \"$wanted\": $said" && failed=1 ;; esac
    done
done

[ "$(uname -m)" = x86_64 ] || exit $failed
for program in $passes; do
    clang-19 -O2 -no-pie $here/painted.c "$build/x86_64-linux-gnu/pass_$program"*.o -o "$build/painted"
    computed=$(graph x86_64-linux-gnu pass_$program | awk '{ print $1 }')
    measured=$("$build/painted")
    echo "$program: computed $computed, measured $measured"
    [ "$computed" -ge "$measured" ] || failed=1
    most=$(cat $here/pass_$program*.c | sed -n 's/.*at most on x86_64: \(.*\) \*\/$/\1/p')
    [ "$computed" -le "${most:-65536}" ] || { echo "$program: more than $most" && failed=1; }
done
exit $failed
