# SPDX-License-Identifier: ISC
# holm.cmake: the words of which the build files are made: holm_library, holm_unikernel, holm_tar,
# holm_test, holm_fuzz, holm_bench, holm_prove. They take lists of sources by hand and names of libraries.
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/flags.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/layers.cmake)

if(NOT HOLM_INSTALLED) # then holm-config.cmake says where the files are
    get_filename_component(holm_home ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
endif()
set(holm_tools ${holm_home}/tools)
set(holm_stack_bytes ${holm_home}/platform/unix/stack_bytes)
set(holm_image_stack_bytes ${holm_home}/platform/holm/stack_bytes
    ${holm_home}/platform/arch/${holm_machine}/stack_bytes)
set(holm_machine_names x86_64 aarch64 riscv64 arm i386 wasm32 s390x)
list(TRANSFORM holm_machine_names PREPEND SOURCES_ OUTPUT_VARIABLE holm_machine_sources)

# Programs are for machines with a libc to link them with: the host, and those under qemu-user.
set(holm_programs FALSE)
if(HOLM_MACHINE STREQUAL "host" OR HOLM_CROSS_LIBC)
    set(holm_programs TRUE)
endif()

# The host's release build of Holm is what ships: tests are part of it only if they, or all of them by
# the target tests, are named.
set(holm_tests_apart FALSE)
if(HOLM_MACHINE STREQUAL "host" AND CMAKE_BUILD_TYPE MATCHES "^(Release|Untrapped)$" AND NOT HOLM_INSTALLED)
    set(holm_tests_apart TRUE)
endif()

# holm_compile gives target the flags of layer.
function(holm_compile target layer)
    holm_layer_get(${layer} kind may)
    target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:C>:${holm_flags}> $<$<COMPILE_LANGUAGE:C>:${holm_warnings}>)
    if(kind STREQUAL "hosted")
        target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
        if(HOLM_CROSS_LIBC) # there only tests; what they narrow is below 2^32 by construction
            target_compile_options(${target} PRIVATE -isystem ${HOLM_CROSS_LIBC}/include
                -Wno-shorten-64-to-32)
        endif()
    else()
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${holm_flags_bare}>)
        # s390x, a machine of tests only, saves 160 bytes of registers in each frame.
        if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT holm_machine STREQUAL "s390x")
            set(frame_max 1024)
            if(layer STREQUAL "crypto")
                set(frame_max 8192)
            endif()
            target_compile_options(${target} PRIVATE
                $<$<COMPILE_LANGUAGE:C>:-Wframe-larger-than=${frame_max}>)
        endif()
    endif()
endfunction()

# holm_absent sets ANSWER to whether one of the libraries is not for this machine.
function(holm_absent answer)
    set(${answer} FALSE PARENT_SCOPE)
    foreach(library IN LISTS ARGN)
        get_property(absent GLOBAL PROPERTY holm_${library}_absent)
        if(absent)
            set(${answer} TRUE PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

# holm_library(NAME LAYER layer SOURCES … [SOURCES_machine …] [USES …] [USES_INSIDE …]): one library
# of the tree. USES is what its public headers need, USES_INSIDE what only its sources need. Its
# public headers lie in include/, those that differ by machine in machine/any or machine/MACHINE.
function(holm_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LAYER" "SOURCES;USES;USES_INSIDE;${holm_machine_sources}")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_LAYER)
        message(FATAL_ERROR "holm_library(${name}): not understood: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    holm_layer_get(${arg_LAYER} kind may)
    set(sources ${arg_SOURCES} ${arg_SOURCES_${holm_machine}})
    # On another machine, only what is pure, and the tests of it. A library that has files for some
    # machines and none for this one is absent, and so is what needs it.
    holm_absent(absent ${arg_USES} ${arg_USES_INSIDE})
    if(kind STREQUAL "hosted" AND NOT HOLM_MACHINE STREQUAL "host")
        if(NOT arg_LAYER MATCHES "^(test|monitor)$" OR NOT holm_programs)
            set(absent TRUE)
        endif()
    endif()
    if(NOT sources AND "${ARGN}" MATCHES "SOURCES")
        set(absent TRUE)
    endif()
    if(absent)
        set_property(GLOBAL PROPERTY holm_${name}_absent TRUE)
        return()
    endif()
    set_property(GLOBAL APPEND PROPERTY holm_libraries ${name})
    set_property(GLOBAL PROPERTY holm_${name}_layer ${arg_LAYER})
    set_property(GLOBAL PROPERTY holm_${name}_uses ${arg_USES} ${arg_USES_INSIDE})

    set(access INTERFACE)
    if(sources)
        set(access PUBLIC)
        add_library(holm_${name} STATIC ${sources})
        holm_compile(holm_${name} ${arg_LAYER})
    else()
        add_library(holm_${name} INTERFACE)
    endif()
    if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include)
        target_include_directories(holm_${name} ${access}
            $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
            $<INSTALL_INTERFACE:include/${name}>)
        install(DIRECTORY include/ DESTINATION include/${name})
    endif()
    foreach(folder IN ITEMS machine/${holm_machine} machine/any)
        if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
            target_include_directories(holm_${name} ${access}
                $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/${folder}>
                $<INSTALL_INTERFACE:include/${name}/${folder}>)
            install(DIRECTORY ${folder}/ DESTINATION include/${name}/${folder})
        endif()
    endforeach()
    foreach(used IN LISTS arg_USES)
        target_link_libraries(holm_${name} ${access} holm_${used})
    endforeach()
    foreach(used IN LISTS arg_USES_INSIDE)
        target_link_libraries(holm_${name} PRIVATE holm_${used})
    endforeach()
    install(TARGETS holm_${name} EXPORT holm)
endfunction()

# HOLM_SOURCES is where tools/fetch.py puts what third_party/sources.lock names.
set(HOLM_SOURCES ${PROJECT_SOURCE_DIR}/build/sources CACHE PATH "What was fetched: third_party/sources.lock")

# holm_source_find(FOLDER FILES NAME PATHS) sets FOLDER to where the source NAME lies and FILES to those of its files
# whose paths match PATHS, if each is there and has the content that the lock says; else FOLDER to nothing.
function(holm_source_find folder files name paths)
    set(lock ${PROJECT_SOURCE_DIR}/third_party/sources.lock)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${lock})
    set(${folder} "" PARENT_SCOPE)
    set(found "")
    set(of "")
    file(STRINGS ${lock} lines REGEX "^(source|file) ")
    foreach(line IN LISTS lines)
        separate_arguments(words UNIX_COMMAND "${line}")
        list(GET words 0 word)
        list(GET words 1 value)
        if(word STREQUAL "source")
            set(of ${value})
        elseif(of STREQUAL name)
            list(GET words 2 path)
            if(NOT path MATCHES "${paths}")
                continue()
            endif()
            set(file ${HOLM_SOURCES}/${name}/${path})
            set(sum "")
            if(EXISTS ${file})
                file(SHA256 ${file} sum)
            endif()
            if(NOT sum STREQUAL value)
                message(STATUS "without ${name}: ${path} is not there, or not what the lock says; ./dev fetch brings it")
                return()
            endif()
            list(APPEND found ${file})
        endif()
    endforeach()
    set(${folder} ${HOLM_SOURCES}/${name} PARENT_SCOPE)
    set(${files} ${found} PARENT_SCOPE)
endfunction()

set(holm_test_stack_bytes ${PROJECT_SOURCE_DIR}/test/stack_bytes)

# The machines that the monitor runs on.
set(holm_monitor_machines x86_64 aarch64 riscv64)

# Stacks are computed where calls through pointers have types: not in the builds of a sanitizer, and
# not for machines that only have tests.
set(holm_stacks FALSE)
if((HOLM_MACHINE STREQUAL "host" OR (HOLM_MACHINE IN_LIST holm_monitor_machines AND HOLM_CROSS_LIBC)) AND CMAKE_BUILD_TYPE MATCHES "^(Debug|Release)$" AND holm_kcfi)
    set(holm_stacks TRUE)
endif()

# holm_stacks_compute bounds the stacks of target when it is linked, and writes into it what a task
# needs; target.stacks beside it says all. OPTIONS say whose stacks, and what is declared.
function(holm_stacks_compute target)
    if(NOT holm_stacks)
        return()
    endif()
    target_link_options(${target} PRIVATE -Wl,--emit-relocs)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS
        ${holm_tools}/callgraph.py ${holm_stack_bytes})
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
        COMMAND /usr/bin/python3 -B ${holm_tools}/callgraph.py --store
            --declared ${holm_stack_bytes} ${ARGN} $<TARGET_FILE:${target}>)
endfunction()

# holm_program makes the executable target of sources, of layer, that uses libraries. Archives may
# need each other (start calls holm_main of the program): lld takes them in any order.
function(holm_program target layer sources uses)
    add_executable(${target} ${sources})
    holm_compile(${target} ${layer})
    target_link_options(${target} PRIVATE ${holm_flags} ${holm_flags_link})
    if(HOLM_CROSS_LIBC)
        target_link_options(${target} PRIVATE -static)
    endif()
    list(FILTER uses INCLUDE REGEX .)
    foreach(used IN LISTS uses)
        if(HOLM_INSTALLED AND NOT TARGET holm_${used})
            message(FATAL_ERROR "holm: ${target} names the library ${used}, which Holm does not have")
        endif()
    endforeach()
    list(TRANSFORM uses PREPEND holm_)
    target_link_libraries(${target} PRIVATE ${uses})
    set_property(GLOBAL PROPERTY holm_${target}_layer ${layer})
endfunction()

# holm_test_apart makes the program target of a test part of the target tests.
function(holm_test_apart target)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ${holm_tests_apart})
    if(NOT TARGET tests)
        add_custom_target(tests)
    endif()
    add_dependencies(tests ${target})
endfunction()

# holm_test(NAME SOURCES … USES … [LABELS …]): one test program, one CTest entry NAME; label unit
# unless told otherwise.
function(holm_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LABELS")
    holm_absent(absent ${arg_USES})
    if(absent OR NOT holm_programs)
        return()
    endif()
    string(REPLACE "." "_" target test_${name})
    holm_program(${target} test "${arg_SOURCES}" "testing;${arg_USES}")
    target_include_directories(${target} PRIVATE src)
    holm_test_apart(${target})
    if("platform_arch" IN_LIST arg_USES AND CMAKE_BUILD_TYPE STREQUAL "Debug") # it may have tasks
        set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${holm_test_stack_bytes})
        holm_stacks_compute(${target} --tasks --declared ${holm_test_stack_bytes})
    endif()
    add_test(NAME ${name} COMMAND ${target})
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    set(timeout 120)
    if("explore" IN_LIST arg_LABELS) # all processor, where others wait
        set(timeout 600)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${timeout})
endfunction()

# holm_fuzz(NAME SOURCES … USES … SEEDS folder OF source… [MUTATOR source] [VECTORS kind]): in the fuzz
# preset a libFuzzer program; in the others the same source replays its seeds as a test with label fuzz.
# Beside the folder of seeds may lie a dictionary, folder.dict. OF are the sources that it is to reach;
# MUTATOR has a LLVMFuzzerCustomMutator; VECTORS says which published inputs tools/fuzz.py adds.
function(holm_fuzz name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "SEEDS;MUTATOR;VECTORS" "SOURCES;USES;OF")
    holm_absent(absent ${arg_USES})
    if(absent OR NOT holm_programs)
        return()
    endif()
    string(REPLACE "." "_" target fuzz_${name})
    set(seeds ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SEEDS})
    if(NOT TARGET fuzz)
        add_custom_target(fuzz)
    endif()
    if(CMAKE_BUILD_TYPE STREQUAL "Fuzz")
        holm_program(${target} test "${arg_SOURCES};${arg_MUTATOR}" "${arg_USES}")
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        holm_program(${target} test "${arg_SOURCES}" "replay;${arg_USES}")
        holm_test_apart(${target})
        add_test(NAME fuzz.${name} COMMAND ${target} ${seeds})
        set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
    endif()
    add_dependencies(fuzz ${target})
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    list(TRANSFORM arg_OF PREPEND ${folder}/)
    list(JOIN arg_OF ":" of)
    set_property(GLOBAL APPEND_STRING PROPERTY holm_fuzzers
        "${name} $<TARGET_FILE:${target}> ${seeds} ${arg_VECTORS}- ${of}\n")
endfunction()

# holm_bench(NAME SOURCES … USES …): a program bench_NAME that ./dev bench runs.
function(holm_bench name)
    if(NOT HOLM_MACHINE STREQUAL "host" OR NOT CMAKE_BUILD_TYPE STREQUAL "Release")
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
    string(REPLACE "." "_" target bench_${name})
    holm_program(${target} test "${arg_SOURCES}" "${arg_USES}")
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endfunction()

# holm_prove(NAME SOURCES … USES … [TIMEOUT seconds]): every function of the sources keeps its
# contract in proof/STEM.acsl.h, where STEM is the last part of NAME (docs/design/proofs.md). The test
# proof.NAME proves what changed since proof/STEM.proved was written; wrong.NAME, that a wrong body of
# any of the functions is refused. A goal may take a prover 20 seconds unless told otherwise.
function(holm_prove name)
    if(NOT HOLM_MACHINE STREQUAL "host" OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;USES")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 20)
    endif()
    set(folders "")
    foreach(used IN LISTS arg_USES)
        list(APPEND folders $<TARGET_PROPERTY:holm_${used},INTERFACE_INCLUDE_DIRECTORIES>)
    endforeach()
    list(JOIN arg_SOURCES ":" sources)
    set_property(GLOBAL APPEND_STRING PROPERTY holm_proofs
        "${name} ${CMAKE_CURRENT_SOURCE_DIR} ${sources} $<JOIN:$<REMOVE_DUPLICATES:${folders}>,:> ${arg_TIMEOUT}\n")
    foreach(kind IN ITEMS proof wrong)
        set(mode $<$<STREQUAL:${kind},wrong>:--wrong>)
        add_test(NAME ${kind}.${name} COMMAND_EXPAND_LISTS
            COMMAND /usr/bin/python3 -B ${holm_tools}/prove.py ${CMAKE_BINARY_DIR} ${mode} ${name})
        set_tests_properties(${kind}.${name} PROPERTIES
            LABELS proof TIMEOUT 3600 PROCESSORS 2 SKIP_RETURN_CODE 77)
    endforeach()
    set_tests_properties(wrong.${name} PROPERTIES LABELS "proof;slow")
endfunction()

# holm_tar(NAME FOLDER [CODINGS gzip br zstd]): NAME.tar in the binary folder from all files of FOLDER, with
# compressed twins, of all three codings unless some are named; the same bytes for any user, umask and date. A
# unikernel that lists CONTENT NAME may #embed it as "NAME.tar".
function(holm_tar name folder)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "CODINGS")
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${source}/*)
    set(tar ${CMAKE_CURRENT_BINARY_DIR}/${name}.tar)
    add_custom_command(OUTPUT ${tar} DEPENDS ${files} ${holm_tools}/pack.sh VERBATIM
        COMMAND sh ${holm_tools}/pack.sh ${tar} ${source} ${arg_CODINGS} COMMENT "Packing ${name}.tar")
endfunction()

# What every image is made of.
set(holm_image_libraries core device run abi start unix_main record platform_unix unix_network unix_net
    port_block pcap platform_arch)

# What every image for the monitor is made of; of those that are not needed nothing is linked.
set(holm_monitored_libraries core device run abi start start_holm platform_holm platform_net port_net
    platform_block port_block
    arch_call arch_memory platform_arch start_stack tcpip)
# Images for the monitor are made where the monitor runs, and where their stacks are computed.
set(holm_monitored FALSE)
if(holm_stacks AND holm_machine IN_LIST holm_monitor_machines)
    set(holm_monitored TRUE)
endif()
# Position-independent, with relocations of the one kind that only adds where the image lies; no libc.
set(holm_monitored_link -nostdlib -static-pie -Wl,-e,main -Wl,--no-dynamic-linker -Wl,-z,text
    -Wl,-z,rodynamic -Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -Wl,--pack-dyn-relocs=relr -Wl,--no-undefined)

# holm_image_content makes what target embeds known to its build.
function(holm_image_content target sources)
    foreach(content IN LISTS ARGN)
        set_property(SOURCE ${sources} APPEND PROPERTY
            OBJECT_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/${content}.tar)
        target_compile_options(${target} PRIVATE --embed-dir=${CMAKE_CURRENT_BINARY_DIR})
    endforeach()
endfunction()

# holm_monitored_image links NAME.holm, what the monitor runs, and NAME.debug, what tells of its
# addresses and of its contents; what stands behind tasks are block devices that it needs. Its stacks are computed as those of the program are, and a note says how
# large they are.
function(holm_monitored_image name sources libraries tasks)
    set(target ${name}_holm)
    set(notes ${CMAKE_CURRENT_BINARY_DIR}/${name}_notes.c)
    set(blocks "")
    foreach(block IN LISTS ARGN)
        string(APPEND blocks "HOLM_NOTE(holm_note_block_${block}, \"block ${block}\");\n")
    endforeach()
    file(CONFIGURE OUTPUT ${notes} CONTENT "/* What ${name}.holm says of itself; tools/callgraph.py \
writes how many bytes a stack needs, and the loop's. */\n#include <holm/abi/note.h>\n\n\
HOLM_NOTE(holm_note_stacks, \"stacks ${tasks} 0000000000 0000000000\");\n${blocks}" @ONLY)
    list(REMOVE_ITEM libraries network)
    holm_program(${target} app "${sources};${notes}" "${holm_monitored_libraries};${libraries}")
    target_link_options(${target} PRIVATE ${holm_monitored_link})
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name}.linked
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    set(contents ${CMAKE_CURRENT_BINARY_DIR}/${name}.contents)
    target_link_options(${target} PRIVATE -Wl,--emit-relocs -Wl,-Map=${contents}.map)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS
        ${holm_tools}/callgraph.py ${holm_tools}/contents.py ${holm_tools}/places.py
        ${holm_image_stack_bytes})
    set(image ${CMAKE_BINARY_DIR}/${name}.holm)
    list(TRANSFORM holm_image_stack_bytes PREPEND "--declared=" OUTPUT_VARIABLE declared)
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM BYPRODUCTS ${image}
        COMMAND /usr/bin/python3 -B ${holm_tools}/callgraph.py --store
            ${declared} $<TARGET_FILE:${target}>
        COMMAND /usr/bin/python3 -B ${holm_tools}/contents.py ${contents} ${CMAKE_BINARY_DIR}
        COMMAND /usr/bin/python3 -B ${holm_tools}/places.py $<TARGET_FILE:${target}>
            ${contents}.lines ${contents}.places
        COMMAND llvm-objcopy-19 --only-keep-debug --add-section=.holm.contents=${contents}
            --add-section=.holm.lines=${contents}.lines --add-section=.holm.places=${contents}.places
            $<TARGET_FILE:${target}> ${CMAKE_BINARY_DIR}/${name}.debug
        COMMAND llvm-objcopy-19 --strip-all $<TARGET_FILE:${target}> ${image})
    set_property(GLOBAL APPEND PROPERTY holm_images ${target})
    set_property(GLOBAL APPEND PROPERTY holm_image_files ${name}.holm ${name}.debug)
endfunction()

# holm_unikernel(NAME SOURCES … [LIBRARIES …] [PARAMS name=value …] [CONTENT tar …] [BLOCKS name …]): an image. The
# target unix is an ordinary program NAME; core, device, run, start and the platform come by themselves.
# The target holm is NAME.holm; one that needs the host's own files or sockets says UNIX and has none.
# PARAMS are values that the build gives; the boot arguments may still say otherwise. BLOCKS are block devices
# without which the monitor does not start it.
function(holm_unikernel name)
    if(NOT HOLM_MACHINE STREQUAL "host" AND NOT holm_monitored)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "UNIX" "" "SOURCES;LIBRARIES;PARAMS;CONTENT;BLOCKS")
    set(tasks 256) # as start/ says, unless the build does
    foreach(param IN LISTS arg_PARAMS)
        if(param MATCHES "^tasks=([0-9]+)$")
            set(tasks ${CMAKE_MATCH_1})
        endif()
    endforeach()
    if(NOT CMAKE_BUILD_TYPE STREQUAL "Release") # in development a task that misbehaves is named
        list(PREPEND arg_PARAMS hog=1s stack_check=true)
    endif()
    set(sources ${arg_SOURCES})
    if(arg_PARAMS)
        set(params ${CMAKE_CURRENT_BINARY_DIR}/${name}_params.c)
        set(text "/* The values that the build of ${name} gives. */\n#include <holm/parameter.h>\n\n")
        set(number 0)
        foreach(param IN LISTS arg_PARAMS)
            string(REPLACE "\\" "\\\\" param "${param}")
            string(REPLACE "\"" "\\\"" param "${param}")
            string(APPEND text "HOLM_PARAM_BUILT(${number}, \"${param}\");\n")
            math(EXPR number "${number} + 1")
        endforeach()
        file(CONFIGURE OUTPUT ${params} CONTENT "${text}" @ONLY)
        list(APPEND sources ${params})
    endif()
    if(NOT "config" IN_LIST arg_LIBRARIES) # what reads a configuration is only in images that name it
        list(APPEND arg_LIBRARIES start_plain)
    endif()
    if(NOT HOLM_MACHINE STREQUAL "host") # images for the monitor alone
        if(NOT arg_UNIX)
            holm_monitored_image(${name} "${sources}" "${arg_LIBRARIES}" ${tasks} ${arg_BLOCKS})
            holm_image_content(${name}_holm "${arg_SOURCES}" ${arg_CONTENT})
        endif()
        return()
    endif()
    # The library network chooses between the host's sockets and our own stack.
    set(network unix_sockets)
    if("network" IN_LIST arg_LIBRARIES)
        set(network)
    endif()
    holm_program(${name} app "${sources}" "${holm_image_libraries};${network};${arg_LIBRARIES}")
    holm_stacks_compute(${name})
    holm_image_content(${name} "${arg_SOURCES}" ${arg_CONTENT})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
    set_property(GLOBAL APPEND PROPERTY holm_images ${name})
    set_property(GLOBAL APPEND PROPERTY holm_image_files ${name})
    if(holm_monitored AND NOT arg_UNIX)
        holm_monitored_image(${name} "${sources}" "${arg_LIBRARIES}" ${tasks} ${arg_BLOCKS})
        add_dependencies(${name} ${name}_holm)
        holm_image_content(${name}_holm "${arg_SOURCES}" ${arg_CONTENT})
    endif()
endfunction()

# holm_libraries_finish checks the layers, makes the target pure (all libraries without libc),
# and writes libraries.txt for the tests of rules: a line "name layer kind archive include-folders" a library.
function(holm_libraries_finish)
    holm_layers_check()
    add_custom_target(pure)
    set(lines "")
    get_property(libraries GLOBAL PROPERTY holm_libraries)
    foreach(library IN LISTS libraries)
        get_property(layer GLOBAL PROPERTY holm_${library}_layer)
        holm_layer_get(${layer} kind may)
        get_target_property(type holm_${library} TYPE)
        set(archive -)
        set(folders "$<TARGET_PROPERTY:holm_${library},INTERFACE_INCLUDE_DIRECTORIES>")
        if(type STREQUAL "STATIC_LIBRARY")
            set(archive $<TARGET_FILE:holm_${library}>)
            set(folders "$<TARGET_PROPERTY:holm_${library},INCLUDE_DIRECTORIES>")
            if(NOT kind STREQUAL "hosted")
                add_dependencies(pure holm_${library})
            endif()
        endif()
        string(APPEND lines "${library} ${layer} ${kind} ${archive} $<JOIN:$<REMOVE_DUPLICATES:${folders}>,:>\n")
    endforeach()
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/libraries.txt CONTENT "${lines}")
    install(EXPORT holm FILE holm_libraries.cmake DESTINATION lib/cmake/holm)
    install(FILES cmake/holm.cmake cmake/flags.cmake cmake/layers.cmake cmake/holm-config.cmake
        DESTINATION lib/cmake/holm)
    set(home lib/cmake/holm)
    install(FILES tools/pack.sh tools/callgraph.py tools/contents.py tools/places.py DESTINATION ${home}/tools)
    install(FILES platform/unix/stack_bytes DESTINATION ${home}/platform/unix)
    install(FILES platform/holm/stack_bytes DESTINATION ${home}/platform/holm)
    if(holm_monitored)
        install(FILES platform/arch/${holm_machine}/stack_bytes DESTINATION ${home}/platform/arch/${holm_machine})
    endif()

    get_property(proofs GLOBAL PROPERTY holm_proofs)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/proofs.txt CONTENT "${proofs}")

    get_property(fuzzers GLOBAL PROPERTY holm_fuzzers)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/fuzzers.txt CONTENT "${fuzzers}")

    get_property(images GLOBAL PROPERTY holm_images)
    add_custom_target(images DEPENDS ${images})
    get_property(files GLOBAL PROPERTY holm_image_files)
    list(JOIN files "\n" lines)
    file(WRITE ${CMAKE_BINARY_DIR}/images.txt "${lines}\n")

    list(JOIN holm_flags "\n" flags)
    list(JOIN holm_warnings "\n" warnings)
    list(JOIN holm_flags_bare "\n" bare)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/flags.txt CONTENT "${flags}\n${warnings}\n${bare}\n")
endfunction()
