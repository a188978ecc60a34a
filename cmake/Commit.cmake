# Writes OUTPUT, which defines dragoman_commit: " (3f2a91c07b55)", with a + if files were changed since, or "" outside of a
# checkout. The file keeps its time if nothing changed. Run by Version.cmake.
cmake_minimum_required(VERSION 3.25)
set(commit "")
if(GIT AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --dirty=+ --exclude=* --abbrev=12
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(commit)
  set(commit " (${commit})")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#include \"program/commands.h\"\n\nconst char dragoman_commit[] = \"@commit@\";\n" @ONLY)
