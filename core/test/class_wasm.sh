#!/bin/sh
# SPDX-License-Identifier: ISC
# class_wasm.sh CORE OUT: compiles class_wasm.c for wasm32 with simd128 and runs it under Node.js.
# Ends with 77, which CTest counts as skipped, where there is no Node.js.
set -eu
core=$1 out=$2
command -v node >/dev/null || { echo 'skipped: node is not installed'; exit 77; }
clang-19 --target=wasm32-unknown-unknown -msimd128 -mbulk-memory -std=gnu23 -O2 -ffreestanding -nostdlib -Wall -Wextra \
    -Werror -I"$core/include" -I"$core/machine/wasm32" -I"$core/machine/any" -fuse-ld=lld -Wl,--no-entry \
    "$core/test/class_wasm.c" "$core/src/bytes.c" "$core/src/random.c" -o "$out"
node -e '
const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
const differences = new WebAssembly.Instance(module).exports.differences(1);
console.log(differences + " differences");
process.exit(differences === 0 ? 0 : 1);' "$out"
