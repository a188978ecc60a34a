# Every warning of STYLE, for gcc and clang; errors where DRAGOMAN_WERROR is on (CI).
add_library(dragoman_flags INTERFACE)
target_compile_options(dragoman_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wformat=2
  -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wwrite-strings -Wundef -Wswitch-enum -Wnull-dereference
  -Wimplicit-fallthrough)
if(DRAGOMAN_WERROR)
  target_compile_options(dragoman_flags INTERFACE -Werror)
endif()
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND DRAGOMAN_SANITIZE)
  # gcc's instrumentation for sanitizers makes this one warn about paths that cannot be taken.
  target_compile_options(dragoman_flags INTERFACE -Wno-null-dereference)
endif()
