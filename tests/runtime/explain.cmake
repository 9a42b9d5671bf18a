# explain_test.cpp and its program.
runtime_program(held SOURCES programs/held/held.cpp programs/kinds/planting.cpp LIBRARIES Threads::Threads)
target_include_directories(runtime_held PRIVATE ${PROJECT_SOURCE_DIR})
target_sources(test_runtime PRIVATE explain_test.cpp)
add_dependencies(test_runtime runtime_held)
