#!/bin/sh
# SPDX-License-Identifier: ISC
# outside.sh SOURCE BUILD: installs a release build, builds example/outside from a copy that knows only
# that, with a test of its own and an ordinary program that takes two libraries, and runs them, and the
# image in a sandbox: what it prints comes from a parameter that the build gave. The ordinary program is
# compiled by the system's compiler too, whose warnings are errors, with every header that it can take.
set -eu
source=$1 work=$2/outside
rm -rf "$work"
mkdir -p "$work"
cmake -S "$source" -B "$work/holm" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$source/cmake/machine.cmake" \
    -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/holm" -- --quiet -j2
cmake --install "$work/holm" --prefix "$work/installed" >/dev/null
[ "$(ls "$work/installed/lib/cmake")" = holm ] || { echo 'outside: files outside of lib/cmake/holm' && exit 1; }
cp -R "$source/example/outside" "$work/project"
cat >>"$work/project/CMakeLists.txt" <<'END'
enable_testing()
holm_test(outside.digest SOURCES digest.c USES crypto core)
add_executable(ordinary ordinary.c)
target_link_libraries(ordinary holm_crypto holm_http holm_platform_arch)
END
cat >"$work/project/digest.c" <<'END'
#include <holm/hash.h>
#include <holm/test.h>

TEST(a_digest_has_its_length)
{
    CHECK_IS(holm_sha256.digest_bytes, 32);
}
END
cat >"$work/project/ordinary.c" <<'END'
#include <holm/arch.h>
#include <holm/hash.h>
#include <holm/http.h>
#include <holm/level.h>
#include <stdio.h>

int main(void)
{
    struct holm_bytes request = HOLM_TEXT("GET /there HTTP/1.1\r\nHost: here\r\n\r\n"), target;
    uint8_t digest[32];
    struct holm_http_head head;

    holm_level_use(holm_arch_cpu());
    holm_hash(&holm_sha256, (struct holm_span){ digest, sizeof digest }, HOLM_TEXT("abc"));
    holm_http_head_init(&head);
    if (holm_http_head_parse(&head, request) == HOLM_OK &&
        holm_http_part_bytes(head.target, request, &target))
        printf("%02x %.*s\n", digest[0], (int)target.len, (const char *)target.ptr);
    return 0;
}
END
CC=clang-19 cmake -S "$work/project" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$work/installed" >/dev/null
cmake --build "$work/build" -- --quiet
ctest --test-dir "$work/build" >/dev/null
said=$("$work/build/ordinary")
[ "$said" = 'ba /there' ] || { echo "outside: an ordinary program printed: $said" && exit 1; }
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
# By the system's own compiler.
mkdir "$work/plain"
cp "$work/project/ordinary.c" "$work/plain"
cat >"$work/plain/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(plain LANGUAGES C)
find_package(holm REQUIRED COMPONENTS crypto http platform_arch)
add_compile_options(-Wall -Wextra -Werror)
add_executable(plain ordinary.c headers.c)
target_link_libraries(plain holm_crypto holm_http holm_tcp holm_dhcp holm_syslog holm_platform_arch)
END
for library in core crypto http tcp dhcp syslog platform_arch; do
    (cd "$work/installed/include/$library" && find holm -name '*.h' -printf '#include <%p>\n')
done >"$work/plain/headers.c"
CC=gcc cmake -S "$work/plain" -B "$work/plain/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/installed" >/dev/null
cmake --build "$work/plain/build" -- --quiet
said=$("$work/plain/build/plain")
[ "$said" = 'ba /there' ] || { echo "outside: an ordinary program of gcc printed: $said" && exit 1; }
# A library that is not there, and a word that needs clang, are named before anything is compiled.
sed -i 's/COMPONENTS crypto/& nosuch/' "$work/plain/CMakeLists.txt"
CC=gcc cmake "$work/plain/build" 2>&1 | tr '\n ' '  ' | grep -q 'holm has no library nosuch' ||
    { echo 'outside: a component that is not there is not named' && exit 1; }
CC=gcc cmake -S "$source/example/outside" -B "$work/plain/unikernel" -G Ninja \
    -DCMAKE_PREFIX_PATH="$work/installed" 2>&1 | grep -q 'need clang-19' ||
    { echo 'outside: gcc is not refused for a unikernel' && exit 1; }
# A library that is not there is named before anything is compiled.
sed 's/SOURCES outside.c/& LIBRARIES nosuch/' "$source/example/outside/CMakeLists.txt" >"$work/project/CMakeLists.txt"
cmake "$work/build" 2>&1 | tr '\n ' '  ' | grep -q 'outside names the library nosuch, which Holm does not *have' ||
    { echo 'outside: a library that is not there is not named' && exit 1; }
