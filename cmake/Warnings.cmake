# The warnings that the code must be free of, with gcc and clang. They are errors if DRAGOMAN_WERROR is on (CI).
add_library(dragoman_flags INTERFACE)
target_compile_options(dragoman_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wformat=2
  -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wwrite-strings -Wundef -Wswitch-enum -Wnull-dereference
  -Wimplicit-fallthrough)
if(DRAGOMAN_WERROR)
  target_compile_options(dragoman_flags INTERFACE -Werror)
endif()
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND DRAGOMAN_SANITIZE)
  # With sanitizers, gcc gives this warning for paths that cannot be taken.
  target_compile_options(dragoman_flags INTERFACE -Wno-null-dereference)
endif()
