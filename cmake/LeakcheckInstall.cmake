# What `cmake --install` puts where:
#
#   bin/leakcheck                               the program
#   bin/leakcheck-memcheck                      the same, called as valgrind is
#   lib/leakcheck/libleakcheck_sampler.so       what it preloads into test programs
#   include/leakcheck/                          the listener and the in-test API
#   share/leakcheck/gtest_main.cpp              source of leakcheck::gtest_main
#   lib/cmake/leakcheck/                        find_package(leakcheck)
#   share/doc/leakcheck/                        documents and licence
#
# and what packaging/ adds: manual pages, completions.
include(CMakePackageConfigHelpers)

set(leakcheck_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/leakcheck)

if(TARGET leakcheck)
  install(TARGETS leakcheck EXPORT leakcheckTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(PROGRAMS ci/cmake/leakcheck-memcheck DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET leakcheck_sampler)
  install(TARGETS leakcheck_sampler LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/leakcheck)
endif()

set_target_properties(leakcheck_api PROPERTIES EXPORT_NAME api)
set_target_properties(leakcheck_gtest PROPERTIES EXPORT_NAME gtest)
set_target_properties(leakcheck_gtest_main PROPERTIES EXPORT_NAME gtest_main)
install(TARGETS leakcheck_api leakcheck_gtest leakcheck_gtest_main EXPORT leakcheckTargets
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY gtest-listener/include/leakcheck DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# Beside the headers that include it as "abi/leakcheck_abi.h".
install(FILES abi/leakcheck_abi.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/leakcheck/abi)
install(FILES gtest-listener/src/gtest_main.cpp DESTINATION ${CMAKE_INSTALL_DATADIR}/leakcheck)

install(EXPORT leakcheckTargets NAMESPACE leakcheck:: DESTINATION ${leakcheck_package_dir})
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/leakcheckConfig.cmake.in ${PROJECT_BINARY_DIR}/leakcheckConfig.cmake
  INSTALL_DESTINATION ${leakcheck_package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
# Before 1.0 a new minor version may change what programs link against.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/leakcheckConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/leakcheckConfig.cmake ${PROJECT_BINARY_DIR}/leakcheckConfigVersion.cmake
  ci/cmake/LeakcheckTests.cmake ci/cmake/LeakcheckDiscovery.cmake
  DESTINATION ${leakcheck_package_dir})

install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
