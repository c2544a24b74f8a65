// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/spf_check/confinement.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

#include <linux/prctl.h>
#include <seccomp.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL for prctl is POSIX
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(FROMGUARD_ADDRESS_SANITIZER)
// What looks for leaks at the end of a process asks for more than `kAllowed`.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}
#endif

namespace directory {
namespace {

#if defined(FROMGUARD_ADDRESS_SANITIZER) || defined(FROMGUARD_THREAD_SANITIZER)
// The sanitizers reserve terabytes of addresses for their shadow.
constexpr rlim_t kMostMemory = RLIM_INFINITY;
#else
constexpr rlim_t kMostMemory = rlim_t{256} * 1024 * 1024;
#endif
constexpr rlim_t kMostProcessorSeconds = 20;
// The sockets to the name servers, and standard input, output and error.
constexpr rlim_t kMostDescriptors = 32;

bool limit(__rlimit_resource what, rlim_t most) {
  const rlimit limits{.rlim_cur = most, .rlim_max = most};
  return ::setrlimit(what, &limits) == 0;
}

bool limit_resources() {
  return limit(RLIMIT_AS, kMostMemory) && limit(RLIMIT_CPU, kMostProcessorSeconds) &&
         limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
         limit(RLIMIT_NOFILE, kMostDescriptors);
}

struct FreeFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

constexpr std::array kAllowed{
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(restart_syscall),
    // Of the sockets to the name servers.
    SCMP_SYS(connect),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(writev),
    SCMP_SYS(poll),
    SCMP_SYS(close),
    SCMP_SYS(fcntl),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockopt),
    SCMP_SYS(getsockname),
#if defined(FROMGUARD_ADDRESS_SANITIZER)
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sched_yield),
    SCMP_SYS(mprotect),
#endif
};

bool allow(void* filter, int call, const scmp_arg_cmp& condition) {
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

bool filter_system_calls() {
  const std::unique_ptr<void, FreeFilter> filter{seccomp_init(SCMP_ACT_KILL_PROCESS)};
  if (filter == nullptr) {
    return false;
  }
  for (const int call : kAllowed) {
    if (seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 0, nullptr) != 0) {
      return false;
    }
  }
  // Memory is never executable.
  const scmp_arg_cmp not_executable =
      SCMP_A2_64(SCMP_CMP_MASKED_EQ, std::uint64_t{4} /* PROT_EXEC */, std::uint64_t{0});
  const scmp_arg_cmp ipv4 = SCMP_A0_64(SCMP_CMP_EQ, std::uint64_t{AF_INET}, std::uint64_t{0});
  const scmp_arg_cmp ipv6 = SCMP_A0_64(SCMP_CMP_EQ, std::uint64_t{AF_INET6}, std::uint64_t{0});
#if !defined(FROMGUARD_ADDRESS_SANITIZER)
  if (!allow(filter.get(), SCMP_SYS(mprotect), not_executable)) {
    return false;
  }
#endif
  // A Unix socket would lead to the daemon's own API.
  return allow(filter.get(), SCMP_SYS(mmap), not_executable) &&
         allow(filter.get(), SCMP_SYS(socket), ipv4) &&
         allow(filter.get(), SCMP_SYS(socket), ipv6) && seccomp_load(filter.get()) == 0;
}

}  // namespace

bool confine_process() {
  constexpr unsigned kFirstUnwanted = 3;
  return ::close_range(kFirstUnwanted, std::numeric_limits<unsigned>::max(), 0) == 0 &&
         ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_resources() &&
         filter_system_calls();
}

}  // namespace directory
