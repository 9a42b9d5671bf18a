# Gives the build tree the shape of an installation, so that bin/leakcheck finds its sampler by the same
# relative path in both.
if(TARGET leakcheck)
  set_target_properties(leakcheck PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endif()
if(TARGET leakcheck_sampler)
  set_target_properties(leakcheck_sampler PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/leakcheck)
endif()
