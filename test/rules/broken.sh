#!/bin/sh
# SPDX-License-Identifier: ISC
# broken.sh BUILD NAME SOURCE: the image broken_NAME does not build, with the words that SOURCE wants.
set -u
if said=$(cmake --build "$1" --target "broken_$2" -- --quiet 2>&1); then
    echo "broken_$2 was built"
    exit 1
fi
wanted=$(sed -n 's/.*wanted: \(.*\) \*\/$/\1/p' "$3")
echo "$said" | tr '\n' ' ' | grep -q -- "callgraph: $wanted" && exit 0
echo "broken_$2: not \"$wanted\": $said"
exit 1
