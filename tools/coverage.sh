#!/bin/sh
# SPDX-License-Identifier: ISC
# coverage.sh BUILD: runs the quick tests of a coverage build, and prints by folder how many lines of
# the tree they reached.
set -eu
build=$1
rm -rf "$build/profile"
LLVM_PROFILE_FILE="$PWD/$build/profile/%p-%m.raw" \
    ctest --test-dir "$build" -L 'unit|sim|fuzz|conformance' --output-on-failure -j2 >"$build/tests.txt" ||
    { tail -30 "$build/tests.txt" && exit 1; }
llvm-profdata-19 merge -sparse -o "$build/all.profile" "$build"/profile/*.raw

# All test programs, the first bare and the others as -object.
programs=$(find "$build" -type f -perm -u+x \( -name 'test_*' -o -name 'fuzz_*' \) | sed '2,$s/^/-object /')
# shellcheck disable=SC2086
llvm-cov-19 export -format=lcov -instr-profile="$build/all.profile" $programs 2>/dev/null |
    awk -F: -v root="$PWD/" '
        $1 == "SF" { file = $2; sub(root, "", file); sub(/^build\/[a-z]+\//, "", file); folder = file; sub(/\/[^\/]*$/, "", folder) }
        $1 == "LF" && folder !~ /(^|\/)(test|fuzz|bench)(\/|$)/ { lines[folder] += $2 }
        $1 == "LH" && folder !~ /(^|\/)(test|fuzz|bench)(\/|$)/ { hit[folder] += $2 }
        END { for (f in lines) if (lines[f] > 0) printf "%-40s %6d of %6d lines  %5.1f %%\n", f, hit[f], lines[f], 100 * hit[f] / lines[f] }' | sort
