# stacks_test.cpp, what it compares stacks with, and the programs that have them.
add_subdirectory(oracle)
add_subdirectory(programs/torture)

runtime_program(many_stacks SOURCES programs/many_stacks.c)
runtime_program(absent_stack SOURCES programs/absent_stack.c LIBRARIES Threads::Threads)
runtime_program(twins SOURCES programs/twins.cpp LIBRARIES ${CMAKE_DL_LIBS})
runtime_program(forks_between_unloads SOURCES programs/forks_between_unloads.cpp LIBRARIES ${CMAKE_DL_LIBS})
# With debug information, the compiler puts call frame information into that instead.
set(no_tables -fno-asynchronous-unwind-tables -fno-unwind-tables)
foreach(name IN ITEMS without_tables without_tables_but_frame_pointers without_tables_but_debug_frame)
  runtime_program(${name} SOURCES programs/without_tables.c)
endforeach()
target_compile_options(runtime_without_tables PRIVATE -g0 ${no_tables} -fomit-frame-pointer)
target_compile_options(runtime_without_tables_but_frame_pointers PRIVATE -g0 ${no_tables} -fno-omit-frame-pointer)
target_compile_options(runtime_without_tables_but_debug_frame PRIVATE ${no_tables} -fomit-frame-pointer)
foreach(twin IN ITEMS alpha:64:1100 omega:1800:2200) # name, bytes of locals, smallest block
  string(REPLACE ":" ";" twin ${twin})
  list(GET twin 0 name)
  list(GET twin 1 frame)
  list(GET twin 2 size)
  add_library(runtime_twin_${name} SHARED programs/twin.cpp)
  set_target_properties(runtime_twin_${name} PROPERTIES
    OUTPUT_NAME twin_${name} LIBRARY_OUTPUT_DIRECTORY ${programs_dir})
  target_compile_options(runtime_twin_${name} PRIVATE -O2 -g)
  target_compile_definitions(runtime_twin_${name} PRIVATE TWIN=${name} TWIN_FRAME=${frame} TWIN_SIZE=${size})
  target_link_libraries(runtime_twin_${name} PRIVATE leakcheck_warnings)
endforeach()

list(JOIN torture_names " " torture_variants)
target_sources(test_runtime PRIVATE stacks_test.cpp)
target_compile_definitions(test_runtime PRIVATE
  STACK_ORACLE="$<TARGET_FILE:stack_oracle>" TORTURE_VARIANTS="${torture_variants}")
add_dependencies(test_runtime stack_oracle torture_programs
  runtime_many_stacks runtime_absent_stack runtime_without_tables runtime_without_tables_but_frame_pointers
  runtime_without_tables_but_debug_frame
  runtime_twins runtime_forks_between_unloads runtime_twin_alpha runtime_twin_omega)
