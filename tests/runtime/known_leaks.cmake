# known_leaks_test.cpp, and its program: built here, and by the test itself with another compiler.
runtime_program(known_suite SOURCES programs/known_suite.cpp LIBRARIES GTest::gtest_main)
target_sources(test_runtime PRIVATE known_leaks_test.cpp)
set_property(SOURCE known_leaks_test.cpp PROPERTY COMPILE_DEFINITIONS
  OTHER_COMPILER="${LEAKCHECK_CLANG}" KNOWN_SUITE_SOURCE="${CMAKE_CURRENT_SOURCE_DIR}/programs/known_suite.cpp")
add_dependencies(test_runtime runtime_known_suite)
