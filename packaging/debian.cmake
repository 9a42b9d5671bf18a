# `cpack` in the build tree makes a package for Debian and what descends from it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME leakcheck)
set(CPACK_PACKAGE_VENDOR leakcheck)
set(CPACK_PACKAGE_CONTACT "leakcheck maintainers <maintainers@leakcheck.example>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, libgtest-dev, sudo")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "per-test leak detection for C++ test programs")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"leakcheck runs a test program under allocation tracing by eBPF, says which
test leaks memory, from which line, and fails the build when it does. The
program is not rebuilt and links nothing of leakcheck.

It understands GoogleTest programs, counts every allocation or a sample of
them, and reports for people, CI systems, code scanning and CTest.")

# Papers that Debian wants beside a program.
set(papers ${CMAKE_CURRENT_BINARY_DIR}/debian)
string(TIMESTAMP LEAKCHECK_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(debian/changelog.in ${papers}/changelog.Debian @ONLY)
configure_file(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${papers}/changelog COPYONLY)
if(LEAKCHECK_GZIP)
  add_custom_command(OUTPUT ${papers}/changelog.gz ${papers}/changelog.Debian.gz
    COMMAND ${LEAKCHECK_GZIP} -9nfk changelog changelog.Debian
    DEPENDS ${papers}/changelog ${papers}/changelog.Debian WORKING_DIRECTORY ${papers} VERBATIM)
  add_custom_target(leakcheck_debian_papers ALL DEPENDS ${papers}/changelog.gz ${papers}/changelog.Debian.gz)
  install(FILES ${papers}/changelog.gz ${papers}/changelog.Debian.gz debian/copyright
    DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
include(CPack)
