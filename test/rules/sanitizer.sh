#!/bin/sh
# SPDX-License-Identifier: ISC
# sanitizer.sh SOURCE BUILD TYPE: builds everything with a sanitizer (Asan, Msan) and runs the quick
# tests of the programs.
set -eu
source=$1 build=$2 type=$3
[ -f "$build/build.ninja" ] || cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE="$type" \
    -DCMAKE_TOOLCHAIN_FILE="$source/cmake/machine.cmake" >/dev/null
cmake --build "$build" -- --quiet -j2
ctest --test-dir "$build" -L 'unit|sim|fuzz|conformance' --output-on-failure --no-tests=error
