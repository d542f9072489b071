# SPDX-License-Identifier: GPL-3.0-or-later
# Parsing Qt's and Boost's headers is nine tenths of compiling a file here (measured: 4.3 s of a page's file, 1.5 s with them parsed
# before), so each family of rooms shares one precompiled prefix. It changes nothing a file must include itself: configure with
# -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON to find an include that was forgotten.

set(CLICKROOM_STD_HEADERS <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <string> <string_view> <vector>)

# add_prefix(NAME LIBS lib… HEADERS header…).
function(add_prefix name)
    cmake_parse_arguments(P "" "" "LIBS;HEADERS" ${ARGN})
    set(target prefix_${name})
    set(source ${CMAKE_BINARY_DIR}/prefix/${name}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "// one file, so that the prefix has an owner\n")
    add_library(${target} OBJECT ${source})
    set_target_properties(${target} PROPERTIES AUTOMOC OFF)
    # The same warnings as its users: -Wpedantic changes a predefined macro, and with it what a prefix is good for.
    target_compile_options(${target} PRIVATE ${CLICKROOM_WARNINGS})
    target_link_libraries(${target} PRIVATE ${P_LIBS})
    if(name MATCHES "^test") # Qt Test's headers without its definitions, which differ by folder
        target_include_directories(${target} SYSTEM PRIVATE $<TARGET_PROPERTY:Qt6::Test,INTERFACE_INCLUDE_DIRECTORIES>)
    endif()
    target_precompile_headers(${target} PRIVATE ${P_HEADERS} ${CLICKROOM_STD_HEADERS})
endfunction()

function(add_prefixes)
    add_prefix(std)
    add_prefix(qt_core LIBS Qt6::Core HEADERS <QObject>)
    if(BUILD_BACKEND)
        add_prefix(asio LIBS Boost::headers Threads::Threads HEADERS <boost/asio/ip/tcp.hpp> <boost/asio/steady_timer.hpp>)
    endif()
    if(BUILD_APP)
        add_prefix(qt_gui LIBS Qt6::Gui HEADERS <QAbstractItemModel> <QColor>)
        add_prefix(qt_widgets LIBS Qt6::Widgets HEADERS <QAbstractItemModel> <QWidget>)
    endif()
    if(BUILD_TESTS)
        find_package(Qt6 REQUIRED COMPONENTS Test)
        add_prefix(test LIBS Qt6::Core HEADERS <QObject> <QtTest/qtestcase.h>)
        if(BUILD_APP)
            add_prefix(test_widgets LIBS Qt6::Widgets HEADERS <QWidget> <QtTest/qtestcase.h>)
        endif()
    endif()
endfunction()

# use_prefix(TARGET lib…): the prefix that goes with the libraries the target names.
function(use_prefix target)
    set(prefix std)
    foreach(pair Boost::headers=asio Qt6::Core=qt_core Qt6::Gui=qt_gui Qt6::Widgets=qt_widgets)
        string(REPLACE "=" ";" pair ${pair})
        list(GET pair 0 library)
        list(GET pair 1 name)
        if(library IN_LIST ARGN)
            set(prefix ${name})
        endif()
    endforeach()
    if(Qt6::Test IN_LIST ARGN)
        set(prefix test)
        if("${ARGN}" MATCHES "Qt6::Widgets|app_(widgets|pages|shell)")
            set(prefix test_widgets)
        endif()
        target_compile_options(${target} PRIVATE -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR)
    endif()
    target_precompile_headers(${target} REUSE_FROM prefix_${prefix})
endfunction()
