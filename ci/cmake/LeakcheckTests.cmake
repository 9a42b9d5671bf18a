# SPDX-License-Identifier: Apache-2.0
#
# Tests under leakcheck, for projects that use CTest. Comes with find_package(leakcheck) and with leakcheck's
# sources (FetchContent, add_subdirectory); CMake 3.22 or later. docs/ctest.md has examples.
#
#   leakcheck_add_test(NAME <name> COMMAND <target or program> [<argument>...]
#     [OPTIONS <option of leakcheck>...] [LABELS <label>...]
#     [WORKING_DIRECTORY <directory>] [RESULT_DIR <directory>])
#
#     As add_test(). The test fails when the command does, when it leaks too much, and when leakcheck could not
#     do its job.
#
#   leakcheck_discover_tests(<target>
#     [OPTIONS <option of leakcheck>...] [LABELS <label>...] [EXTRA_ARGS <argument>...]
#     [TEST_PREFIX <prefix>] [TEST_SUFFIX <suffix>] [TEST_FILTER <filter of GoogleTest>]
#     [WORKING_DIRECTORY <directory>] [RESULT_DIR <directory>] [DISCOVERY_TIMEOUT <seconds>]
#     [PROPERTIES <name> <value>...])
#
#     As gtest_discover_tests() with DISCOVERY_MODE PRE_TEST: one test for each test case of the GoogleTest
#     program <target>, each in a process of its own, so that ctest -j spreads them. Named as GoogleTest and
#     leakcheck's reports name them.
#
# Both label the tests "leakcheck", give CDash the figures, and leave each test's result as
# <RESULT_DIR>/<name>.json, by default in leakcheck-results/ of the build tree.
#
# LEAKCHECK_PROGRAM is the program they run: leakcheck's own target where there is one.
# LEAKCHECK_MEMCHECK_COMMAND is what MEMORYCHECK_COMMAND is to be for `ctest -T memcheck`.
include_guard(GLOBAL)

set(LEAKCHECK_DISCOVERY_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/LeakcheckDiscovery.cmake CACHE INTERNAL "")

# Sets <out> to the program, as a generator expression or a path.
function(_leakcheck_program out)
  if(TARGET leakcheck::leakcheck)
    set(${out} $<TARGET_FILE:leakcheck::leakcheck> PARENT_SCOPE)
    return()
  endif()
  find_program(LEAKCHECK_PROGRAM leakcheck DOC "The program leakcheck, which traces the tests")
  if(NOT LEAKCHECK_PROGRAM)
    message(FATAL_ERROR "leakcheck is needed to run tests under it, and was not found: install it, or set "
                        "LEAKCHECK_PROGRAM to its path")
  endif()
  set(${out} ${LEAKCHECK_PROGRAM} PARENT_SCOPE)
endfunction()

# Sets <out> to <directory>, or the default, which is made.
function(_leakcheck_result_dir out directory)
  if(NOT directory)
    set(directory ${CMAKE_BINARY_DIR}/leakcheck-results)
  endif()
  get_filename_component(directory "${directory}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
  file(MAKE_DIRECTORY ${directory})
  set(${out} ${directory} PARENT_SCOPE)
endfunction()

function(_leakcheck_refuse_unparsed function unparsed missing)
  if(NOT "${missing}" STREQUAL "")
    message(FATAL_ERROR "${function}: ${missing} needs a value")
  endif()
  if(NOT "${unparsed}" STREQUAL "")
    message(FATAL_ERROR "${function}: unknown argument: ${unparsed}")
  endif()
endfunction()

function(leakcheck_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;WORKING_DIRECTORY;RESULT_DIR" "COMMAND;OPTIONS;LABELS")
  _leakcheck_refuse_unparsed(leakcheck_add_test "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  foreach(needed IN ITEMS NAME COMMAND)
    if("${arg_${needed}}" STREQUAL "")
      message(FATAL_ERROR "leakcheck_add_test: ${needed} is missing")
    endif()
  endforeach()

  include(${LEAKCHECK_DISCOVERY_SCRIPT})
  _leakcheck_program(program)
  _leakcheck_result_dir(results "${arg_RESULT_DIR}")
  leakcheck_result_name(result "${arg_NAME}")
  list(POP_FRONT arg_COMMAND command)
  if(TARGET ${command})
    set(command $<TARGET_FILE:${command}>)
  endif()
  set(directory "")
  if(arg_WORKING_DIRECTORY)
    set(directory WORKING_DIRECTORY ${arg_WORKING_DIRECTORY})
  endif()
  add_test(NAME ${arg_NAME} ${directory}
    COMMAND ${program} --cdash --json ${results}/${result}.json ${arg_OPTIONS} -- ${command} ${arg_COMMAND})
  set_tests_properties(${arg_NAME} PROPERTIES LABELS "leakcheck;${arg_LABELS}")
endfunction()

function(leakcheck_discover_tests target)
  set(texts TEST_PREFIX TEST_SUFFIX TEST_FILTER WORKING_DIRECTORY RESULT_DIR DISCOVERY_TIMEOUT)
  set(lists OPTIONS LABELS EXTRA_ARGS PROPERTIES)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "${texts}" "${lists}")
  _leakcheck_refuse_unparsed(leakcheck_discover_tests
    "${arg_UNPARSED_ARGUMENTS}" "${arg_KEYWORDS_MISSING_VALUES}")
  if(NOT TARGET ${target})
    message(FATAL_ERROR "leakcheck_discover_tests: ${target} is no target of this project")
  endif()

  _leakcheck_program(program)
  _leakcheck_result_dir(arg_RESULT_DIR "${arg_RESULT_DIR}")
  if(NOT arg_WORKING_DIRECTORY)
    set(arg_WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  if(NOT arg_DISCOVERY_TIMEOUT)
    set(arg_DISCOVERY_TIMEOUT 5)
  endif()

  # A target may be given several times, with other options.
  get_property(count TARGET ${target} PROPERTY LEAKCHECK_DISCOVERIES)
  math(EXPR count "0${count} + 1")
  set_property(TARGET ${target} PROPERTY LEAKCHECK_DISCOVERIES ${count})
  set(base ${CMAKE_CURRENT_BINARY_DIR}/leakcheck-tests/${target}-${count})

  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(config "")
  if(multi_config)
    set(config -$<CONFIG>)
  endif()
  set(call "include([==[${LEAKCHECK_DISCOVERY_SCRIPT}]==])\nleakcheck_add_discovered_tests(\n")
  foreach(text IN ITEMS ${texts})
    string(APPEND call "  ${text} [==[${arg_${text}}]==]\n")
  endforeach()
  foreach(list IN ITEMS ${lists})
    string(APPEND call "  ${list} [==[${arg_${list}}]==]\n")
  endforeach()
  string(APPEND call
    "  TARGET [==[${target}]==]\n  PROGRAM [==[${program}]==]\n  EXECUTABLE [==[$<TARGET_FILE:${target}>]==]\n"
    "  TESTS_FILE [==[${base}${config}-tests.cmake]==])\n")
  file(GENERATE OUTPUT ${base}${config}.cmake CONTENT "${call}")

  set(include_file ${base}.cmake)
  if(multi_config)
    set(include_file ${base}-of-config.cmake)
    file(WRITE ${include_file} "include([==[${base}-]==]\${CTEST_CONFIGURATION_TYPE}.cmake)\n")
  endif()
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include_file})
endfunction()
