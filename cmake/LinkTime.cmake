# Optimizes release builds across source files (link-time optimization), where the compiler can.
# -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF builds faster.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT DEFINED CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  include(CheckIPOSupported)
  check_ipo_supported(RESULT CMAKE_INTERPROCEDURAL_OPTIMIZATION LANGUAGES C)
endif()
