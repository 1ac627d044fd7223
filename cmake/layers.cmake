# SPDX-License-Identifier: ISC
# layers.cmake: who may use whom, as data. A line: layer, whether its code sees the host's libc
# (hosted) or not even its headers (pure: also no foreign symbol; bare: may call what the link
# brings), and the layers that it may use, its own included where libraries of one layer may meet.
set(holm_layers
    "core     pure   core"
    "crypto   pure   core crypto"
    "device   pure   core device"
    "run      pure   core device run"
    "proto    pure   core crypto proto"
    "glue     pure   core device run proto glue crypto"
    "abi      pure   "
    "platform bare   core device run abi platform"
    "unix     hosted core device run abi platform unix"
    "start    bare   core crypto device run abi proto glue platform start"
    "app      bare   core device run proto glue start app"
    "loader   pure   core abi loader"
    "exec     bare   core abi platform loader exec"
    "monitor  hosted core crypto abi loader proto platform monitor"
    "cli      hosted core crypto abi loader proto monitor"
    "tool     hosted core crypto device run proto glue platform tool"
    "test     hosted core crypto device run proto glue abi platform unix start app loader exec monitor cli tool test")

# holm_layer_get sets KIND and MAY in the caller for LAYER; an unknown layer stops.
function(holm_layer_get layer kind may)
    foreach(line IN LISTS holm_layers)
        string(REGEX REPLACE " +" ";" line "${line}")
        list(POP_FRONT line name its_kind)
        if(name STREQUAL layer)
            set(${kind} ${its_kind} PARENT_SCOPE)
            set(${may} "${line}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "layers: '${layer}' is no layer of cmake/layers.cmake")
endfunction()

# holm_layers_check stops at the first edge that the table does not have, and at a cycle.
function(holm_layers_check)
    get_property(libraries GLOBAL PROPERTY holm_libraries)
    foreach(library IN LISTS libraries)
        get_property(layer GLOBAL PROPERTY holm_${library}_layer)
        get_property(uses GLOBAL PROPERTY holm_${library}_uses)
        holm_layer_get(${layer} kind may)
        foreach(used IN LISTS uses)
            get_property(used_layer GLOBAL PROPERTY holm_${used}_layer)
            if(NOT used_layer)
                message(FATAL_ERROR "layers: ${library} uses ${used}, which no holm_library declares")
            endif()
            if(NOT used_layer IN_LIST may)
                message(FATAL_ERROR "layers: ${library} (${layer}) may not use ${used} (${used_layer})")
            endif()
        endforeach()
        holm_layers_walk(${library} "")
    endforeach()
endfunction()

# holm_layers_walk stops if library reaches one of the libraries in above, or itself.
function(holm_layers_walk library above)
    if(library IN_LIST above)
        message(FATAL_ERROR "layers: cycle: ${above};${library}")
    endif()
    get_property(walked GLOBAL PROPERTY holm_${library}_walked)
    if(walked)
        return()
    endif()
    get_property(uses GLOBAL PROPERTY holm_${library}_uses)
    foreach(used IN LISTS uses)
        holm_layers_walk(${used} "${above};${library}")
    endforeach()
    set_property(GLOBAL PROPERTY holm_${library}_walked TRUE)
endfunction()
