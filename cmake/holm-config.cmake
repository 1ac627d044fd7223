# SPDX-License-Identifier: ISC
# holm-config.cmake: find_package(holm) gives the words of holm.cmake and the installed libraries to
# a project outside the tree. It compiles with clang-19, as the libraries were.
if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang" OR CMAKE_C_COMPILER_VERSION VERSION_LESS 19)
    message(FATAL_ERROR "holm: compile with clang-19: CC=clang-19 cmake …")
endif()
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
set(HOLM_MACHINE host)
set(HOLM_INSTALLED TRUE)
set(holm_home ${CMAKE_CURRENT_LIST_DIR})
include(${CMAKE_CURRENT_LIST_DIR}/holm.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/holm_libraries.cmake)
