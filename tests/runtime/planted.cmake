# planted_test.cpp and its program.
# The second name is that of the folder of generated files: the first would be the program's.
add_subdirectory(programs/planted programs/planted_sources)
target_sources(test_runtime PRIVATE planted_test.cpp)
set_source_files_properties(planted_test.cpp PROPERTIES COMPILE_DEFINITIONS
  LEAKCHECK_PLANTED_SOURCES="${CMAKE_CURRENT_BINARY_DIR}/programs/planted_sources")
add_dependencies(test_runtime runtime_planted)
