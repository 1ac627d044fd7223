#!/bin/sh
# SPDX-License-Identifier: ISC
# pack.sh TAR FOLDER [CODING...]: TAR from all files of FOLDER and, beside each text that shrinks, its twins:
# .gz, .br and .zst, or of the codings gzip, br and zstd those that are named. The same files give the same
# bytes for any user, umask and date.
set -eu
tar=$1 folder=$2
shift 2
[ $# -gt 0 ] || set -- gzip br zstd
packed=$tar.folder
rm -rf "$packed"
cp -R "$folder" "$packed"

# keep TWIN: a twin is no use that does not spare what its head in the archive takes.
keep() {
    [ "$(($(wc -c <"$1") + 512))" -le "$(wc -c <"${1%.*}")" ] || rm -f "$1"
}

# twin FILE CODING makes one twin of a file.
twin() {
    case $2 in
    gzip) gzip -9nc "$1" >"$1.gz" && keep "$1.gz" ;;
    br) brotli -q 11 -c "$1" >"$1.br" && keep "$1.br" ;;
    zstd) zstd -q -19 -c "$1" >"$1.zst" && keep "$1.zst" ;;
    *) echo "pack.sh: $2: none of gzip br zstd" >&2 && exit 1 ;;
    esac
}

find "$packed" -type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' \
    -o -name '*.txt' -o -name '*.json' -o -name '*.xml' \) | while read -r file; do
    for coding in "$@"; do
        twin "$file" "$coding"
    done
done
tar --create --record-size=512 --file="$tar" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=a=rX \
    --format=ustar --directory="$packed" .
rm -rf "$packed"
