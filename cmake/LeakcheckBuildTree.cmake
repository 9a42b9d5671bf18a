# Puts the sampler where the program, in bin/ of the build tree, finds it by the same relative path as
# when both are installed.
if(TARGET leakcheck_sampler)
  set_target_properties(leakcheck_sampler PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/leakcheck)
endif()
