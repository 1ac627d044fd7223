#!/bin/sh
# SPDX-License-Identifier: ISC
# sanitizer.sh SOURCE BUILD TYPE [LABELS]: builds everything with a sanitizer (Asan, Msan) and runs the
# quick tests of the programs, or those with other labels.
set -eu
source=$1 build=$2 type=$3 labels=${4:-unit|sim|fuzz|conformance}
[ -f "$build/build.ninja" ] || cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE="$type" \
    -DCMAKE_TOOLCHAIN_FILE="$source/cmake/machine.cmake" >/dev/null
cmake --build "$build" --target all tests -- --quiet -j2
ctest --test-dir "$build" -L "$labels" -LE slow --output-on-failure --no-tests=error
