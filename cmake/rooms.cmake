# SPDX-License-Identifier: GPL-3.0-or-later
# How a room and its tests are built. A room is one static library, named after its folder (backend/links → backend_links).

set(CLICKROOM_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CLICKROOM_WERROR)
    list(APPEND CLICKROOM_WARNINGS -Werror)
endif()
if(CLICKROOM_SANITIZE)
    add_compile_options(-fsanitize=${CLICKROOM_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${CLICKROOM_SANITIZE})
    if(CLICKROOM_SANITIZE MATCHES thread)
        # Fences, which the thread sanitizer does not understand; Asio's queues have their mutexes beside them.
        add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
    endif()
endif()
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # What ccache needs to work with precompiled headers, as its manual says.
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

# add_room([PUBLIC lib…] [PRIVATE lib…]): all .cpp and .h of the calling folder. The libraries named are all that the room may see.
function(add_room)
    cmake_parse_arguments(ROOM "" "" "PUBLIC;PRIVATE" ${ARGN})
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    string(REPLACE "/" "_" target ${path})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp *.h)
    if(NOT sources MATCHES "\\.cpp")
        # A room that is headers only, so far: one empty file makes it a library like the others.
        file(TOUCH ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
        list(APPEND sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
    endif()
    add_library(${target} STATIC ${sources})
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(${target} PRIVATE ${CLICKROOM_WARNINGS})
    target_link_libraries(${target} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
    use_prefix(${target} ${ROOM_PUBLIC} ${ROOM_PRIVATE})
endfunction()

# add_room_test(NAME [SOURCES file…] [LIBS lib…] [LABEL unit] [TIMEOUT 60] [GUI]): NAME.cpp becomes the ctest NAME.
# LABEL is unit, system, slow, bench or tidy; a GUI test runs on the offscreen platform with the software scene graph.
function(add_room_test name)
    cmake_parse_arguments(T "GUI;SERIAL" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
    if(NOT T_LABEL)
        set(T_LABEL unit)
    endif()
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 60)
    endif()
    find_package(Qt6 REQUIRED COMPONENTS Test)
    add_executable(${name} ${name}.cpp ${T_SOURCES})
    # -fPIC like the rooms, not an executable's -fPIE, so that one prefix serves all.
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests POSITION_INDEPENDENT_CODE OFF AUTOMOC OFF)
    # A test includes the .moc of its own one class. moc itself takes a tenth of a second; AUTOMOC, with its scan and the file it
    # compiles although nothing is in it, took two for each test, a fifth of the whole build.
    set(moc ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc/${name}.moc)
    add_custom_command(OUTPUT ${moc} COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc
                       COMMAND Qt6::moc ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp -o ${moc} DEPENDS ${name}.cpp VERBATIM)
    target_sources(${name} PRIVATE ${moc})
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    # Qt's own QTRY_… macros narrow a duration's count to int.
    target_compile_options(${name} PRIVATE ${CLICKROOM_WARNINGS} -Wno-conversion -fPIC)
    target_compile_definitions(${name} PRIVATE CLICKROOM_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CLICKROOM_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
    target_link_libraries(${name} PRIVATE ${T_LIBS} Qt6::Test)
    use_prefix(${name} ${T_LIBS} Qt6::Test)
    add_test(NAME ${name} COMMAND ${name})
    if(CLICKROOM_SANITIZE MATCHES thread)
        math(EXPR T_TIMEOUT "${T_TIMEOUT} * 10") # what it costs
        target_link_libraries(${name} PRIVATE $<TARGET_OBJECTS:told_of_qt>) # tests/tsan
    endif()
    set_tests_properties(${name} PROPERTIES LABELS ${T_LABEL} TIMEOUT ${T_TIMEOUT})
    if(T_SERIAL)
        set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
    endif()
    if(T_GUI)
        set_tests_properties(${name} PROPERTIES ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_QUICK_BACKEND=software")
    endif()
endfunction()

# add_test_support(NAME SOURCES file… [LIBS lib…]): what several tests share, built once.
function(add_test_support name)
    cmake_parse_arguments(S "" "" "SOURCES;LIBS" ${ARGN})
    add_library(${name} STATIC ${S_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(${name} PRIVATE ${CLICKROOM_WARNINGS} -Wno-conversion)
    target_compile_definitions(${name} PRIVATE CLICKROOM_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CLICKROOM_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
    target_link_libraries(${name} PUBLIC ${S_LIBS})
endfunction()
