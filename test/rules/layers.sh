#!/bin/sh
# SPDX-License-Identifier: ISC
# layers.sh SOURCE BUILD: small projects with wrong edges do not configure, and are told why; the same
# project with right edges does.
set -eu
source=$1 work=$2/rules_layers
status=0

# try WANTED LINE...: configures a project of these lines; WANTED must be said, or all be well if "".
try() {
    wanted=$1
    shift
    rm -rf "$work"
    mkdir -p "$work/include" "$work/cmake" "$work/tools"
    touch "$work/tools/pack.sh" "$work/cmake/holm-config.cmake"
    echo 'extern const int holm_x; const int holm_x = 1;' >"$work/x.c"
    {
        echo 'cmake_minimum_required(VERSION 3.25)'
        echo 'project(edges LANGUAGES C ASM)'
        echo "include($source/cmake/holm.cmake)"
        printf '%s\n' "$@"
        echo 'holm_layers_check()'
    } >"$work/CMakeLists.txt"
    said=$(cmake -S "$work" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_TOOLCHAIN_FILE="$source/cmake/machine.cmake" 2>&1) && [ "$wanted" ] &&
        echo "layers: accepted: $*" && status=1
    said=$(echo "$said" | tr -s ' \n' ' ')
    case $said in
    *"$wanted"*'Generating done'*) ;;
    *"$wanted"*) [ "$wanted" ] || { echo "layers: refused: $*: $said" && status=1; } ;;
    *) echo "layers: should say \"$wanted\": $*: $said" && status=1 ;;
    esac
}

core='holm_library(core LAYER core SOURCES x.c)'
http='holm_library(http LAYER proto SOURCES x.c USES core)'
unix='holm_library(unix LAYER unix SOURCES x.c USES core)'

try '' "$core" "$http" "$unix"
try 'layers: http (proto) may not use unix (unix)' "$core" "$unix" \
    'holm_library(http LAYER proto SOURCES x.c USES core unix)'
try 'layers: http (proto) may not use unix (unix)' "$core" "$unix" \
    'holm_library(http LAYER proto SOURCES x.c USES_INSIDE unix)'
try 'layers: unix (unix) may not use http (proto)' "$core" "$http" \
    'holm_library(unix LAYER unix SOURCES x.c USES http)'
try 'layers: http uses tls, which no holm_library declares' "$core" \
    'holm_library(http LAYER proto SOURCES x.c USES core tls)'
try "layers: 'upper' is no layer" 'holm_library(http LAYER upper SOURCES x.c)'
try 'layers: cycle: ' "$core" 'holm_library(a LAYER proto SOURCES x.c USES b)' \
    'holm_library(b LAYER proto SOURCES x.c USES a)'
exit $status
