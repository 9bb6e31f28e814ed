# The compilers that build Hookreel correctly, and the flags that every target shares.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} is refused: before 14 it destroys brace-built values and capturing lambdas inside a "
    "co_await statement twice, and the server would corrupt memory. Use clang 19: `apt-get install clang-19` and "
    "`cmake --preset release`, or `./dev build`, which does both.")
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR
    "clang ${CMAKE_CXX_COMPILER_VERSION} is refused: std::expected needs clang 19 with libstdc++ 12. "
    "`apt-get install clang-19` and `cmake --preset release`, or `./dev build`, which does both.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(HOOKREEL_TESTS "Build the unit tests" ON)
option(HOOKREEL_BENCH "Build the benchmarks" OFF)
option(HOOKREEL_FUZZ "Build the fuzzers (clang only)" OFF)
set(HOOKREEL_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize: address,undefined or thread")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror=return-type
                    -Werror=switch -Wno-missing-designated-field-initializers)
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_REGEX
                        BOOST_BEAST_USE_STD_STRING_VIEW)
# The same position-independent code in libraries and programs, so that they share one precompiled header.
add_compile_options(-fPIE)
add_link_options(-pie)
# One precompiled header serves all targets; ccache needs to be told that its time stamp does not matter.
add_compile_options("$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")

if(HOOKREEL_SANITIZE)
  add_compile_options(-fsanitize=${HOOKREEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HOOKREEL_SANITIZE})
endif()
if(HOOKREEL_FUZZ)
  # The code under test tells the fuzzer which ways its inputs took; without that it only guesses.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# The allocator of a program; linked first, so that it replaces that of the C library.
function(hookreel_allocator target)
  if(NOT HOOKREEL_SANITIZE)
    target_link_libraries(${target} PRIVATE mimalloc)
  endif()
endfunction()

find_program(HOOKREEL_CCACHE ccache)
if(HOOKREEL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 ${HOOKREEL_CCACHE})
endif()
find_program(HOOKREEL_LINKER NAMES mold ld.lld-19 ld.lld)
if(HOOKREEL_LINKER)
  add_link_options(-fuse-ld=${HOOKREEL_LINKER})
endif()
