# SPDX-License-Identifier: ISC
# flags.cmake: how everything is compiled. The warnings are the safe subset; the traps stay in every
# build but those of a sanitizer, which says more, and the one that tells what they cost. docs/design says what each costs and catches.
set(holm_warnings
    -Wall -Wextra -Wpedantic -Werror -Werror=unsafe-buffer-usage -Wconversion -Wsign-conversion
    -Wcast-qual -Wcast-align -Wshadow -Wvla -Walloca -Wswitch-enum -Wimplicit-fallthrough
    -Wmissing-prototypes -Wmissing-variable-declarations -Wconditional-uninitialized
    -Wunreachable-code-aggressive -Wcomma -Wassign-enum -Wbad-function-cast
    -Wcast-function-type-strict -Wnull-dereference -Wpointer-arith -Wundef -Wformat=2)

set(holm_machine ${HOLM_MACHINE})
if(HOLM_MACHINE STREQUAL "host")
    set(holm_machine ${CMAKE_HOST_SYSTEM_PROCESSOR})
endif()

set(holm_machine_flags_x86_64 -march=x86-64-v2)
# Return addresses are signed; older processors take the instructions for none (docs/design/nets.md).
# Atomic operations are instructions, no calls of a library's; and what another file defines is in the same
# program, the guard of frames too, so no table says where it is.
set(holm_machine_flags_aarch64 -mbranch-protection=pac-ret -mno-outline-atomics
    -fdirect-access-external-data)
# Code that functions share is no function of its own: it would return by a register of its choice, and the
# computation of stacks would take that for a call.
set(holm_machine_flags_riscv64 -fdirect-access-external-data -mno-outline)
set(holm_machine_flags_i386 -march=i686 -msse2)
set(holm_machine_flags_wasm32 -msimd128) # core/machine/wasm32

# wasm32 checks calls itself and its driver refuses kCFI; s390x, a machine of tests only, has none.
set(holm_kcfi -fsanitize=kcfi)
if(holm_machine MATCHES "^(wasm32|s390x)$")
    set(holm_kcfi)
endif()
# HOLM_NETS are those that the build has, all unless a measure asks for fewer (bench/bench_nets.py).
set(HOLM_NETS "arithmetic;calls;values;guards" CACHE STRING "Nets of the build: docs/design/nets.md")
set(holm_net_arithmetic
    -fsanitize=bounds,signed-integer-overflow,shift,integer-divide-by-zero,unreachable,bool,builtin,alignment)
if(holm_machine STREQUAL "wasm32") # 64-bit overflow would call a helper that nobody has there
    list(APPEND holm_net_arithmetic -fno-sanitize=signed-integer-overflow)
endif()
set(holm_net_calls ${holm_kcfi})
set(holm_net_values -ftrivial-auto-var-init=zero)
set(holm_net_guards -fstack-protector-strong)
set(holm_traps -fsanitize-trap=all)
foreach(net IN LISTS HOLM_NETS)
    list(APPEND holm_traps ${holm_net_${net}})
endforeach()
if(NOT "calls" IN_LIST HOLM_NETS)
    set(holm_kcfi)
endif()

# CMake's own flags of a type of build would come first, and Release's would say NDEBUG.
set(CMAKE_C_FLAGS_DEBUG "")
set(CMAKE_C_FLAGS_RELEASE "")

# The type of build, by CMAKE_BUILD_TYPE; the presets name them.
set(holm_build_Debug -O1 ${holm_traps})
set(holm_build_Release -O2 ${holm_traps})
set(holm_build_Untrapped -O2)
set(holm_build_Asan -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-sanitize=function -fsanitize-address-use-after-return=always)
set(holm_build_Msan -O1 -fsanitize=memory -fno-sanitize-recover=all)
set(holm_build_Fuzz -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
    -fno-sanitize=function)
set(holm_build_Coverage -O1 -fprofile-instr-generate -fcoverage-mapping)
set(holm_link_Asan -fsanitize=address,undefined)
set(holm_link_Msan -fsanitize=memory)
set(holm_link_Fuzz -fsanitize=address,undefined)
set(holm_link_Coverage -fprofile-instr-generate)

if(NOT DEFINED holm_build_${CMAKE_BUILD_TYPE})
    message(FATAL_ERROR "CMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}: none of Debug Release Untrapped Asan Msan Fuzz Coverage")
endif()

# The same bytes wherever the source and the build folder lie.
set(holm_paths -ffile-prefix-map=${CMAKE_BINARY_DIR}=build -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
    -no-canonical-prefixes)

set(holm_flags -std=gnu23 -g -ffunction-sections -fdata-sections -fstack-size-section
    -fno-omit-frame-pointer -fno-strict-aliasing
    -fno-delete-null-pointer-checks ${holm_machine_flags_${holm_machine}} ${holm_paths}
    ${holm_build_${CMAKE_BUILD_TYPE}})
# Bound at the start: the host's linker must not run on the stack of a task.
set(holm_flags_link -Wl,-z,now
    --ld-path=/usr/bin/ld.lld-19 ${holm_link_${CMAKE_BUILD_TYPE}} -Wl,--gc-sections
    -Wl,--build-id=sha1)
set(holm_flags_bare -ffreestanding -nostdlibinc)

# holm_cold(SOURCES …): what runs once, or seldom, is compiled to be small where images ship; all checks stay.
function(holm_cold)
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
        set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -Oz)
    endif()
endfunction()

# holm_small(SOURCES …): what runs with every packet or request, but goes through no bytes: the host takes most of
# the time then, and what is small stays in the processor's caches. All checks stay.
function(holm_small)
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
        set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -Os)
    endif()
endfunction()
