#!/bin/sh
# SPDX-License-Identifier: ISC
# machine.sh SOURCE BUILD MACHINE compile|run: compiles all pure libraries for MACHINE in BUILD, or
# also their unit tests, and runs these under qemu-user. Answers 77, with the reason, to skip.
set -eu
source=$1 build=$2 machine=$3 what=$4

[ -f "$build/build.ninja" ] || cmake -S "$source" -B "$build" -G Ninja \
    -DCMAKE_TOOLCHAIN_FILE="$source/cmake/machine.cmake" \
    -DHOLM_MACHINE="$machine" -DCMAKE_BUILD_TYPE=Release >/dev/null
if [ "$what" = compile ]; then
    cmake --build "$build" --target pure -- --quiet
    echo "$machine: $(wc -l <"$build/libraries.txt") libraries compile"
    exit 0
fi
if ctest --test-dir "$build" -N | grep -q 'Total Tests: 0'; then
    echo "$machine: skipped: no qemu-user or no C library of $machine; ./dev setup test installs both"
    exit 77
fi
cmake --build "$build" -- --quiet
ctest --test-dir "$build" -L unit --output-on-failure --no-tests=error
