# commit.h: the commit that is built, found anew by every build in a header of its own, so that only what prints the version is
# compiled again.
find_package(Git QUIET)
add_custom_target(dragoman_commit BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/program/commit.h
  COMMAND ${CMAKE_COMMAND} -DGIT=${GIT_EXECUTABLE} -DSOURCE=${CMAKE_SOURCE_DIR} -DOUTPUT=${CMAKE_BINARY_DIR}/generated/program/commit.h
    -P ${CMAKE_CURRENT_LIST_DIR}/Commit.cmake VERBATIM)
