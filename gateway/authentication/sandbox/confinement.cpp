// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/sandbox/confinement.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

#include <linux/prctl.h>
#include <seccomp.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL for prctl is POSIX
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gateway {
namespace {

#if defined(FROMGUARD_ADDRESS_SANITIZER) || defined(FROMGUARD_THREAD_SANITIZER)
// The sanitizers reserve terabytes of addresses for their shadow.
constexpr rlim_t kMostMemory = RLIM_INFINITY;
#else
constexpr rlim_t kMostMemory = rlim_t{256} * 1024 * 1024;
#endif
// Over the whole life of a helper, which ends after some hundred checks.
constexpr rlim_t kMostProcessorSeconds = 120;

bool limit(__rlimit_resource what, rlim_t most) {
  const rlimit limits{.rlim_cur = most, .rlim_max = most};
  return ::setrlimit(what, &limits) == 0;
}

bool limit_resources() {
  return limit(RLIMIT_AS, kMostMemory) && limit(RLIMIT_CPU, kMostProcessorSeconds) &&
         limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
         limit(RLIMIT_NOFILE, 3);
}

struct FreeFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

// What a process does that only computes and talks over what is open.
constexpr std::array kAllowed{
    SCMP_SYS(read),         SCMP_SYS(write),          SCMP_SYS(brk),
    SCMP_SYS(mmap),         SCMP_SYS(munmap),         SCMP_SYS(mremap),
    SCMP_SYS(madvise),      SCMP_SYS(futex),          SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(time),           SCMP_SYS(getrandom),
    SCMP_SYS(getpid),       SCMP_SYS(gettid),         SCMP_SYS(tgkill),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),     SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
#if defined(FROMGUARD_ADDRESS_SANITIZER)
    SCMP_SYS(sigaltstack),  SCMP_SYS(sched_yield),    SCMP_SYS(mprotect),
#endif
};

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
#if !defined(FROMGUARD_ADDRESS_SANITIZER)
  // Memory may become less accessible, never executable.
  const scmp_arg_cmp not_executable =
      SCMP_A2_64(SCMP_CMP_MASKED_EQ, std::uint64_t{4} /* PROT_EXEC */, std::uint64_t{0});
  if (seccomp_rule_add_array(
          filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &not_executable) != 0) {
    return false;
  }
#endif
  return seccomp_load(filter.get()) == 0;
}

}  // namespace

bool confine_process() {
  constexpr unsigned kFirstUnwanted = 3;
  return ::close_range(kFirstUnwanted, std::numeric_limits<unsigned>::max(), 0) == 0 &&
         ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_resources() &&
         filter_system_calls();
}

}  // namespace gateway
