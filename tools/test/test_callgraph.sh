#!/bin/sh
# SPDX-License-Identifier: ISC
# test_callgraph.sh BUILD: programs that callgraph.py must pass, programs that it must refuse with the
# words they name, and computed stacks that painted ones must not exceed. Run from the root.
set -eu
build=$1/callgraph
here=tools/test
failed=0
assume='--assume memcpy=64 --assume memset=64'

# compile MACHINE FILE: FILE.ll, and from it .o, .su and .und. The IR is optimised once, and clang then
# only generates code, so that the graph and the sizes are of the same functions.
compile() {
    out=$build/$1/$(basename "$2" .c)
    flags=
    [ "$1" = x86_64 ] && flags='-mno-red-zone -mllvm -no-x86-call-frame-opt'
    # shellcheck disable=SC2086
    clang-19 --target="$1-linux-gnu" -std=gnu23 -O2 -g -ffreestanding -fsanitize=kcfi ${flags%% *} \
        -S -emit-llvm "$2" -o "$out.ll"
    # shellcheck disable=SC2086
    clang-19 --target="$1-linux-gnu" -O2 $flags -Xclang -disable-llvm-passes -fstack-usage -c \
        "$out.ll" -o "$out.o"
    llvm-nm-19 -u "$out.o" >"$out.und"
}

# graph MACHINE PROGRAM: what the tool says of all files of PROGRAM.
graph() {
    # shellcheck disable=SC2046,SC2086
    /usr/bin/python3 -B tools/callgraph.py $assume --root program \
        $(ls "$build/$1/$2".ll "$build/$1/$2"_[ab].ll 2>/dev/null) 2>&1
}

for machine in x86_64 aarch64 riscv64; do
    rm -rf "${build:?}/$machine"
    mkdir -p "$build/$machine"
    for file in $here/pass_*.c $here/fail_*.c; do
        compile $machine "$file"
    done
    for program in layers kinds deep; do
        said=$(graph $machine pass_$program) && continue
        echo "$machine pass_$program: refused: $said" && failed=1
    done
    for program in direct mutual pointer unbounded unknown untyped; do
        wanted=$(cat $here/fail_$program*.c | sed -n 's/.*wanted: \(.*\) \*\/$/\1/p')
        if said=$(graph $machine fail_$program); then
            echo "$machine fail_$program: accepted: $said" && failed=1
        fi
        case $said in *"$wanted"*) ;; *) echo "$machine fail_$program: not \"$wanted\": $said" && failed=1 ;; esac
    done
done

[ "$(uname -m)" = x86_64 ] || exit $failed
for program in layers kinds deep; do
    clang-19 -O2 -no-pie $here/painted.c "$build/x86_64/pass_$program"*.o -o "$build/painted"
    computed=$(graph x86_64 pass_$program | awk '{ print $1 }')
    measured=$("$build/painted")
    echo "$program: computed $computed, measured $measured"
    [ "$computed" -ge "$measured" ] || failed=1
done
exit $failed
