# How every target of ours is compiled and linked: warnings, hardening, sanitizers.

add_library(fromguard_options INTERFACE)
target_include_directories(fromguard_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(fromguard_options INTERFACE
  _GLIBCXX_ASSERTIONS FROMGUARD_VERSION="${PROJECT_VERSION}")

set(common_warnings
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align
  -Wcast-qual -Wnon-virtual-dtor -Woverloaded-virtual -Wdouble-promotion -Wformat=2
  -Wimplicit-fallthrough -Wextra-semi -Wvla -Wundef -Wredundant-decls)
set(gcc_warnings
  -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast -Wsuggest-override)
target_compile_options(fromguard_options INTERFACE
  ${common_warnings} $<$<CXX_COMPILER_ID:GNU>:${gcc_warnings}>
  # g++ 12 inlines a coroutine's frame and then takes Asio's operator delete for a stranger.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
  # libstdc++ 12's own std::stable_sort uses what C++17 deprecates; g++ does not look there.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  # libseccomp's macros are written for C.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-c99-extensions>)
# Precompiled headers without the times of the files in them: else whoever builds anew finds nothing in ccache.
target_compile_options(fromguard_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
if(FROMGUARD_WERROR)
  target_compile_options(fromguard_options INTERFACE -Werror)
endif()

# Neither what ships nor its debug symbols say in which folder they were made: who builds the same gets the same.
target_compile_options(fromguard_options INTERFACE
  $<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>)

if(FROMGUARD_SANITIZE)
  target_compile_options(fromguard_options INTERFACE
    -fsanitize=${FROMGUARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(fromguard_options INTERFACE -fsanitize=${FROMGUARD_SANITIZE})
  if(FROMGUARD_SANITIZE MATCHES address)
    target_compile_definitions(fromguard_options INTERFACE FROMGUARD_ADDRESS_SANITIZER)
  endif()
  if(FROMGUARD_SANITIZE MATCHES thread)
    target_compile_definitions(fromguard_options INTERFACE FROMGUARD_THREAD_SANITIZER)
    # Asio has fences, which the thread sanitizer does not follow; g++ says so at each.
    target_compile_options(fromguard_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
  if(FROMGUARD_FUZZ)
    # What is fuzzed tells which branches it takes. Tracing comparisons would halve the runs a second, and the
    # dictionary and the pieces know the words that they would find.
    target_compile_options(fromguard_options INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp)
  endif()
else()
  target_compile_options(fromguard_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection
    # Fortification needs an optimiser, which tests do without.
    $<$<AND:$<CONFIG:Release>,$<NOT:$<BOOL:$<TARGET_PROPERTY:FROMGUARD_IS_TEST>>>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
  target_link_options(fromguard_options INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()

# Headers that half of the files need, read once where FROMGUARD_PRECOMPILE says so: it halves the time a file
# takes. Not for what ships nor for the linter: there each file has what it includes itself.
set(common_headers <algorithm> <array> <atomic> <charconv> <chrono> <expected> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <ranges> <set> <span> <string> <string_view> <system_error> <thread> <unordered_map> <utility> <vector>)

# A room of the house: one static library, named after its folder.
function(fromguard_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;HIDES")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC fromguard_options ${arg_USES} PRIVATE ${arg_HIDES})
  if(FROMGUARD_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM common_headers)
  endif()
endfunction()
