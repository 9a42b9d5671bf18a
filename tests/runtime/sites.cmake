# The programs of sites_test.cpp: its own, and the examples where they are built.
add_subdirectory(programs/sites)
add_dependencies(test_runtime runtime_sites)
target_compile_definitions(test_runtime PRIVATE
  LEAKCHECK_SITES_SOURCES="${CMAKE_CURRENT_SOURCE_DIR}/programs/sites"
  LEAKCHECK_EXAMPLE_SOURCES="${PROJECT_SOURCE_DIR}/examples")
foreach(example IN ITEMS INVENTORY:example_unit_tests PLAIN:example_plain LISTENER:example_with_listener)
  string(REPLACE ":" ";" parts ${example})
  list(GET parts 0 name)
  list(GET parts 1 target)
  if(TARGET ${target})
    add_dependencies(test_runtime ${target})
    target_compile_definitions(test_runtime PRIVATE LEAKCHECK_EXAMPLE_${name}="$<TARGET_FILE:${target}>")
  else()
    target_compile_definitions(test_runtime PRIVATE LEAKCHECK_EXAMPLE_${name}="")
  endif()
endforeach()
