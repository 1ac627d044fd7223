#!/bin/sh
# SPDX-License-Identifier: ISC
# coverage.sh BUILD [LEAST PATH...]: runs the quick tests of a coverage build, and prints by folder how
# many lines of the tree they reached. With LEAST, each source of the PATHs is printed instead, and one
# that is reached for less than LEAST per cent of its lines is an error.
set -eu
build=$(realpath "$1")
shift
rm -rf "$build/profile"
LLVM_PROFILE_FILE="$build/profile/%p-%m.raw" \
    ctest --test-dir "$build" -L 'unit|sim|fuzz|conformance' --output-on-failure -j2 >"$build/tests.txt" ||
    { tail -30 "$build/tests.txt" && exit 1; }
llvm-profdata-19 merge -sparse -o "$build/all.profile" "$build"/profile/*.raw

# All test programs, the first bare and the others as -object.
programs=$(find "$build" -type f -perm -u+x \( -name 'test_*' -o -name 'fuzz_*' \) | sed '2,$s/^/-object /')
# shellcheck disable=SC2086
llvm-cov-19 export -format=lcov -instr-profile="$build/all.profile" $programs 2>/dev/null |
    awk -F: -v build="${build#"$PWD/"}/" -v wanted="$*" '
        # name is the path within the tree: files are named as seen from the folder of the build.
        function name(path) {
            if (index(path, build) == 1) path = substr(path, length(build) + 1)
            sub(/^(\.|build)\//, "", path)
            return path
        }
        # key is what a line of the table is for: a folder, or a source below one of the wanted paths.
        function key(file,    i) {
            if (file ~ /(^|\/)(test|fuzz|bench)\//) return ""
            for (i = 2; i <= count; i++)
                if (index(file, paths[i]) == 1) return file
            if (count == 0) sub(/\/[^\/]*$/, "", file)
            return count == 0 ? file : ""
        }
        BEGIN { count = split(wanted, paths, " ") }
        $1 == "SF" { of = key(name($2)) }
        $1 == "LF" && of != "" { lines[of] += $2 }
        $1 == "LH" && of != "" { hit[of] += $2 }
        END {
            for (of in lines) {
                seen++
                share = lines[of] > 0 ? 100 * hit[of] / lines[of] : 100
                low = count > 0 && share < paths[1] ? "  too few" : ""
                failed += low != ""
                printf "%-44s %6d of %6d lines  %5.1f %%%s\n", of, hit[of], lines[of], share, low | "sort"
            }
            close("sort")
            exit failed > 0 || seen == 0
        }'
