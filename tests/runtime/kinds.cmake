# kinds_test.cpp, test_ends_test.cpp and awkward_ends_test.cpp, and their programs. Those that LeakSanitizer is asked about are built a second
# time, with it.
set(kinds_sources kinds.cpp allocations.cpp classes.cpp containers.cpp interior_pointers.cpp owners.cpp places.cpp
  planting.cpp shapes.cpp threads.cpp)
list(TRANSFORM kinds_sources PREPEND programs/kinds/)
set(ends_sources programs/kinds/ends.cpp programs/kinds/planting.cpp)

foreach(name IN ITEMS kinds ends)
  runtime_program(kinds_${name} SOURCES ${${name}_sources} LIBRARIES Threads::Threads ${CMAKE_DL_LIBS})
  runtime_program(kinds_${name}_lsan SOURCES ${${name}_sources}
    LIBRARIES Threads::Threads ${CMAKE_DL_LIBS} -fsanitize=leak)
  foreach(program IN ITEMS runtime_kinds_${name} runtime_kinds_${name}_lsan)
    target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR})
  endforeach()
endforeach()

runtime_program(awkward_ends SOURCES programs/kinds/awkward_ends.cpp programs/kinds/planting.cpp
  LIBRARIES Threads::Threads)
target_include_directories(runtime_awkward_ends PRIVATE ${PROJECT_SOURCE_DIR})

runtime_program(test_ends SOURCES programs/kinds/test_ends.cpp programs/kinds/planting.cpp LIBRARIES GTest::gtest)
target_include_directories(runtime_test_ends PRIVATE ${PROJECT_SOURCE_DIR})

foreach(library IN ITEMS kinds_library kinds_library_to_close)
  add_library(runtime_${library} MODULE programs/kinds/library.c)
  set_target_properties(runtime_${library} PROPERTIES
    OUTPUT_NAME ${library} PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${programs_dir})
  target_link_libraries(runtime_${library} PRIVATE leakcheck_warnings)
endforeach()

target_sources(test_runtime PRIVATE awkward_ends_test.cpp kinds_test.cpp test_ends_test.cpp)
add_dependencies(test_runtime runtime_awkward_ends runtime_test_ends runtime_kinds_kinds runtime_kinds_kinds_lsan runtime_kinds_ends
  runtime_kinds_ends_lsan runtime_kinds_library runtime_kinds_library_to_close)
