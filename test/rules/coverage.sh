#!/bin/sh
# SPDX-License-Identifier: ISC
# coverage.sh SOURCE BUILD: the tests reach nearly all lines of each parser.
set -eu
least=95
cd "$1"
[ -f "$2/coverage/build.ninja" ] || cmake -S . -B "$2/coverage" -G Ninja -DCMAKE_BUILD_TYPE=Coverage \
    -DCMAKE_TOOLCHAIN_FILE="$1/cmake/machine.cmake" >/dev/null
cmake --build "$2/coverage" -- --quiet -j2
sh tools/coverage.sh "$2/coverage" $least \
    proto/syslog/src proto/http/src proto/http/io/src/http_archive.c proto/http/io/src/http_url.c \
    core/src/parameter core/src/text
