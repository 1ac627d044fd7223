# SPDX-License-Identifier: ISC
# machine.cmake: the toolchain of every build folder: clang-19 and lld-19 for the machine that
# HOLM_MACHINE names. "host" is the machine that builds; the others compile with --target, so no
# other compiler is needed, and programs of theirs run under qemu-user where Debian's is installed.
set(HOLM_MACHINE host CACHE STRING "Machine to compile for")
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES HOLM_MACHINE)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER clang-19)
set(CMAKE_ASM_COMPILER clang-19)
set(CMAKE_AR /usr/bin/llvm-ar-19 CACHE FILEPATH "")
set(CMAKE_RANLIB /usr/bin/llvm-ranlib-19 CACHE FILEPATH "")

# machine; triple; Debian's name of the cross C library; qemu-user
set(holm_machines
    "x86_64 x86_64-linux-gnu - -"
    "aarch64 aarch64-linux-gnu aarch64-linux-gnu qemu-aarch64"
    "riscv64 riscv64-linux-gnu riscv64-linux-gnu qemu-riscv64"
    "arm armv7-linux-gnueabihf arm-linux-gnueabihf qemu-arm"
    "i386 i686-linux-gnu i686-linux-gnu qemu-i386"
    "s390x s390x-linux-gnu s390x-linux-gnu qemu-s390x"
    "wasm32 wasm32-unknown-unknown - -")

if(NOT HOLM_MACHINE STREQUAL "host")
    set(found FALSE)
    foreach(line IN LISTS holm_machines)
        string(REPLACE " " ";" line "${line}")
        list(GET line 0 name)
        if(name STREQUAL HOLM_MACHINE)
            set(found TRUE)
            list(GET line 1 triple)
            list(GET line 2 sysroot)
            list(GET line 3 emulator)
        endif()
    endforeach()
    if(NOT found)
        message(FATAL_ERROR "HOLM_MACHINE=${HOLM_MACHINE}: no such machine in cmake/machine.cmake")
    endif()
    set(CMAKE_SYSTEM_NAME Linux)
    if(HOLM_MACHINE STREQUAL "wasm32")
        set(CMAKE_SYSTEM_NAME Generic)
    endif()
    set(CMAKE_SYSTEM_PROCESSOR ${HOLM_MACHINE})
    set(CMAKE_C_COMPILER_TARGET ${triple})
    set(CMAKE_ASM_COMPILER_TARGET ${triple})
    if(EXISTS /usr/${sysroot}/lib/libc.a AND EXISTS /usr/bin/${emulator})
        set(HOLM_CROSS_LIBC /usr/${sysroot})
        set(CMAKE_CROSSCOMPILING_EMULATOR /usr/bin/${emulator})
    endif()
endif()
