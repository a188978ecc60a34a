# commit.c: the commit that is built, found anew by every build in a file of its own, so that nothing else is compiled again.
find_package(Git QUIET)
set(commit_file ${CMAKE_BINARY_DIR}/commit.c)
add_custom_target(dragoman_commit BYPRODUCTS ${commit_file}
  COMMAND ${CMAKE_COMMAND} -DGIT=${GIT_EXECUTABLE} -DSOURCE=${CMAKE_SOURCE_DIR} -DOUTPUT=${commit_file}
    -P ${CMAKE_CURRENT_LIST_DIR}/Commit.cmake VERBATIM)
set_source_files_properties(${commit_file} PROPERTIES GENERATED TRUE)
