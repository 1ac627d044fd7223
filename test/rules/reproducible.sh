#!/bin/sh
# SPDX-License-Identifier: ISC
# reproducible.sh SOURCE BUILD: the images of two builds are the same bytes: two folders with paths of
# different length, another umask, another clock's date on the sources, another locale and time zone.
set -eu
source=$1 work=$2/reproducible
rm -rf "$work"

# make FOLDER: copies the tree to FOLDER and builds all images there.
make() {
    mkdir -p "$1"
    (cd "$source" && git ls-files -co --exclude-standard -z | xargs -0 sh -c '
        folder=$0; for file; do [ -f "$file" ] && cp --parents "$file" "$folder"; done; true' "$1")
    find "$1" -type f -exec touch -d "$2" {} +
    cmake -S "$1" -B "$1/build/release" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_TOOLCHAIN_FILE="$1/cmake/machine.cmake" >/dev/null
    cmake --build "$1/build/release" --target images -- --quiet -j2
}

(umask 022 && make "$work/one" 2024-02-29)
(umask 077 && LC_ALL=C.UTF-8 TZ=Asia/Tokyo make "$work/another/deeper/folder" 2001-01-01)
status=0
for image in $(cat "$work/one/build/release/images.txt"); do
    if cmp "$work/one/build/release/$image" "$work/another/deeper/folder/build/release/$image"; then
        echo "$image: the same $(wc -c <"$work/one/build/release/$image") bytes"
    else
        status=1
    fi
done
exit $status
