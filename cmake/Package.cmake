# The Debian package: cmake --preset package && cmake --build build/package && (cd build/package && cpack)
# The target `uninstall` undoes `cmake --install`.
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -DBUILD=${CMAKE_BINARY_DIR} -P ${CMAKE_CURRENT_LIST_DIR}/Uninstall.cmake VERBATIM)

if(NOT DRAGOMAN_DEB)
  install(FILES LICENSE NOTICE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
  return()
endif()

# Debian's places and names for the licence and the changes; both are generated, compressed ones reproducibly.
set(package_folder ${CMAKE_BINARY_DIR}/debian)
file(READ NOTICE notice)
string(REGEX REPLACE "\n\n+" "\n.\n" notice "${notice}")
string(REGEX REPLACE "\n([^.])" "\n \\1" notice "${notice}")
string(REGEX REPLACE "\n\\.\n" "\n .\n" notice "${notice}")
configure_file(cmake/debian/copyright.in ${package_folder}/copyright @ONLY)
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH if it is set
configure_file(cmake/debian/changelog.in ${package_folder}/changelog @ONLY)
add_custom_command(OUTPUT ${package_folder}/changelog.gz ${package_folder}/changelog.Debian.gz VERBATIM
  DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${package_folder}/changelog
  COMMAND sh -c "gzip -9nc '${CMAKE_SOURCE_DIR}/CHANGELOG.md' >'${package_folder}/changelog.gz'"
  COMMAND sh -c "gzip -9nc '${package_folder}/changelog' >'${package_folder}/changelog.Debian.gz'")
add_custom_target(changelogs ALL DEPENDS ${package_folder}/changelog.gz ${package_folder}/changelog.Debian.gz)
install(FILES ${package_folder}/copyright ${package_folder}/changelog.gz ${package_folder}/changelog.Debian.gz
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md" PATTERN "*.png")
install(FILES cmake/debian/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME dragoman)

# The engine's packages are named once, for the demo and the tests too.
file(READ samples/packages.sh engines)
string(REGEX REPLACE ".*ENGINE_PACKAGES=\"([^\"]*)\".*" "\\1" engines "${engines}")
string(REGEX REPLACE "[ \n]+" ", " engines "${engines}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dragoman)
set(CPACK_PACKAGE_VENDOR "The Dragoman authors")
set(CPACK_PACKAGE_CONTACT "The Dragoman authors")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION news)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "${engines}")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "default-mta | mail-transport-agent")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "foreign news in English, checked sentence by sentence
Reads feeds, pages and files in any language and encoding, has them
translated by the services that you configure or by Apertium, checks every
sentence against its source, and writes bilingual JSON records and a daily
digest. Made to run from cron or a systemd timer.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/cmake/debian/postinst ${CMAKE_SOURCE_DIR}/cmake/debian/prerm
  ${CMAKE_SOURCE_DIR}/cmake/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
