#!/bin/sh
# SPDX-License-Identifier: ISC
# outside.sh SOURCE BUILD: installs a release build, builds example/outside from a copy that knows only
# that, and runs it, and its image in a sandbox: what they print comes from a parameter that the build gave.
set -eu
source=$1 work=$2/outside
rm -rf "$work"
mkdir -p "$work"
cmake -S "$source" -B "$work/holm" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$source/cmake/machine.cmake" \
    -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/holm" -- --quiet -j2
cmake --install "$work/holm" --prefix "$work/installed" >/dev/null
cp -R "$source/example/outside" "$work/project"
CC=clang-19 cmake -S "$work/project" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$work/installed" >/dev/null
cmake --build "$work/build" -- --quiet
said=$("$work/build/outside")
[ "$said" = 'built outside
built outside' ] || { echo "outside: printed: $said" && exit 1; }
# Its image too, by the installed monitor alone.
if [ -e "$work/build/outside.holm" ]; then
    said=$(env -i "$work/installed/bin/holm" run "$work/build/outside.holm")
    [ "$said" = 'built outside
built outside' ] || { echo "outside: the image printed: $said" && exit 1; }
    MANPATH=$work/installed/share/man man -w holm-run >/dev/null || [ ! -e /usr/bin/man ]
fi
