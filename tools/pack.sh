#!/bin/sh
# SPDX-License-Identifier: ISC
# pack.sh TAR FOLDER: TAR from all files of FOLDER and, beside each text that shrinks, its twins .gz,
# .br and .zst. The same files give the same bytes for any user, umask and date.
set -eu
tar=$1 folder=$2
packed=$tar.folder
rm -rf "$packed"
cp -R "$folder" "$packed"

# keep TWIN: a twin that is not smaller than its original is no use.
keep() {
    [ "$(wc -c <"$1")" -lt "$(wc -c <"${1%.*}")" ] || rm -f "$1"
}

find "$packed" -type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' \
    -o -name '*.txt' -o -name '*.json' -o -name '*.xml' \) | while read -r file; do
    gzip -9nc "$file" >"$file.gz" && keep "$file.gz"
    brotli -q 11 -c "$file" >"$file.br" && keep "$file.br"
    zstd -q -19 -c "$file" >"$file.zst" && keep "$file.zst"
done
tar --create --file="$tar" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=a=rX \
    --format=ustar --directory="$packed" .
rm -rf "$packed"
