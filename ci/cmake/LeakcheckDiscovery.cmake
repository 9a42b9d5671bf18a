# SPDX-License-Identifier: Apache-2.0
#
# What LeakcheckTests.cmake needs while ctest reads the tests: it includes this file and calls
# leakcheck_add_discovered_tests with what leakcheck_discover_tests was given. Lists are one argument each.
cmake_minimum_required(VERSION 3.22)

# Sets <out> to a file name for the result of a test: its name, with what may not be in file names replaced; where
# that changes it, a checksum keeps it apart from others.
function(leakcheck_result_name out name)
  string(REGEX REPLACE "[^A-Za-z0-9_.+-]" "_" file "${name}")
  string(SUBSTRING "${file}" 0 150 file)
  if(NOT file STREQUAL name)
    string(SHA1 sum "${name}")
    string(SUBSTRING ${sum} 0 8 sum)
    set(file "${file}-${sum}")
  endif()
  set(${out} "${file}" PARENT_SCOPE)
endfunction()

# Sets <out> to the names "Suite.Test" that the program has.
#
# It prints "Suite." or "Suite.  # TypeParam = ..." and, below it, "  Test" or "  Test  # GetParam() = ...".
function(_leakcheck_list_tests out executable directory filter timeout)
  set(command ${executable} --gtest_list_tests)
  if(filter)
    list(APPEND command --gtest_filter=${filter})
  endif()
  execute_process(COMMAND ${command} WORKING_DIRECTORY ${directory} TIMEOUT ${timeout}
    OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${executable} --gtest_list_tests failed (${status}):\n${output}${errors}")
  endif()
  # Values of parameters may hold what a list cannot.
  string(REGEX REPLACE " +#[^\n]*" "" output "${output}")
  string(REGEX MATCHALL "[^\n]+" lines "${output}")
  set(suite "")
  set(tests "")
  foreach(line IN LISTS lines)
    if(line MATCHES "^  ([^ ]+)$")
      list(APPEND tests "${suite}${CMAKE_MATCH_1}")
    elseif(line MATCHES "^[^ ]+\\.$")
      set(suite "${line}")
    endif() # else a line that main() prints
  endforeach()
  set(${out} "${tests}" PARENT_SCOPE)
endfunction()

# Appends to <out> the line: command([==[argument]==]...).
function(_leakcheck_append_command out command)
  set(text "${${out}}${command}(")
  foreach(argument IN LISTS ARGN)
    string(APPEND text " [==[${argument}]==]")
  endforeach()
  set(${out} "${text})\n" PARENT_SCOPE)
endfunction()

function(_leakcheck_write_tests)
  _leakcheck_list_tests(tests "${arg_EXECUTABLE}" "${arg_WORKING_DIRECTORY}" "${arg_TEST_FILTER}"
    "${arg_DISCOVERY_TIMEOUT}")
  set(script "")
  foreach(test IN LISTS tests)
    set(name "${arg_TEST_PREFIX}${test}${arg_TEST_SUFFIX}")
    leakcheck_result_name(result "${arg_TARGET}.${name}")
    _leakcheck_append_command(script add_test "${name}"
      "${arg_PROGRAM}" --cdash --json "${arg_RESULT_DIR}/${result}.json" ${arg_OPTIONS} --
      "${arg_EXECUTABLE}" "--gtest_filter=${test}" --gtest_also_run_disabled_tests ${arg_EXTRA_ARGS})
    # A skipped test that leaks is no skipped test.
    _leakcheck_append_command(script set_tests_properties "${name}" PROPERTIES
      WORKING_DIRECTORY "${arg_WORKING_DIRECTORY}" SKIP_REGULAR_EXPRESSION
      "\\[  SKIPPED \\].*leakcheck: PASS" ${arg_PROPERTIES})
    string(REPLACE ";" "\\;" labels "leakcheck;${arg_LABELS}")
    _leakcheck_append_command(script set_tests_properties "${name}" PROPERTIES LABELS "${labels}")
    if(test MATCHES "(^|[./])DISABLED_")
      _leakcheck_append_command(script set_tests_properties "${name}" PROPERTIES DISABLED TRUE)
    endif()
  endforeach()
  file(WRITE "${arg_TESTS_FILE}.new" "${script}")
  file(RENAME "${arg_TESTS_FILE}.new" "${arg_TESTS_FILE}")
endfunction()

# Adds the tests of a program, which is asked for them where it is newer than what it said last.
function(leakcheck_add_discovered_tests)
  cmake_parse_arguments(PARSE_ARGV 0 arg ""
    "TARGET;PROGRAM;EXECUTABLE;TESTS_FILE;TEST_PREFIX;TEST_SUFFIX;TEST_FILTER;WORKING_DIRECTORY;RESULT_DIR;DISCOVERY_TIMEOUT;OPTIONS;LABELS;EXTRA_ARGS;PROPERTIES"
    "")
  if(NOT EXISTS "${arg_EXECUTABLE}")
    add_test(${arg_TARGET}_NOT_BUILT ${arg_TARGET}_NOT_BUILT)
    return()
  endif()
  foreach(source IN ITEMS "${arg_EXECUTABLE}" "${CMAKE_CURRENT_LIST_FILE}" "${CMAKE_CURRENT_FUNCTION_LIST_FILE}")
    if("${source}" IS_NEWER_THAN "${arg_TESTS_FILE}")
      _leakcheck_write_tests()
      break()
    endif()
  endforeach()
  include("${arg_TESTS_FILE}")
endfunction()
