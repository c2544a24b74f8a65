// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/confinement.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include <linux/prctl.h>
#include <seccomp.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL for prctl is POSIX
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace policy {
namespace {

#if defined(FROMGUARD_ADDRESS_SANITIZER) || defined(FROMGUARD_THREAD_SANITIZER)
// The sanitizers reserve terabytes of addresses for their shadow.
constexpr rlim_t kMostMemory = RLIM_INFINITY;
#else
constexpr rlim_t kMostMemory = rlim_t{256} * 1024 * 1024;
#endif
constexpr unsigned kStandardDescriptors = 3;

bool limit(__rlimit_resource what, rlim_t most) {
  const rlimit limits{.rlim_cur = most, .rlim_max = most};
  return ::setrlimit(what, &limits) == 0;
}

bool limit_resources(const Confinement& confinement) {
  return limit(RLIMIT_AS, kMostMemory) &&
         limit(RLIMIT_CPU, static_cast<rlim_t>(confinement.processor_time.count())) &&
         limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
         limit(RLIMIT_NOFILE, kStandardDescriptors + rlim_t{confinement.sockets_over_ip});
}

struct FreeFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

// What a process does that only computes and talks over what is open.
constexpr std::array kAllowed{
    SCMP_SYS(read),           SCMP_SYS(write),           SCMP_SYS(brk),
    SCMP_SYS(munmap),         SCMP_SYS(mremap),          SCMP_SYS(madvise),
    SCMP_SYS(futex),          SCMP_SYS(clock_gettime),   SCMP_SYS(gettimeofday),
    SCMP_SYS(time),           SCMP_SYS(getrandom),       SCMP_SYS(getpid),
    SCMP_SYS(gettid),         SCMP_SYS(tgkill),          SCMP_SYS(exit),
    SCMP_SYS(exit_group),     SCMP_SYS(rt_sigreturn),    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
#if defined(FROMGUARD_ADDRESS_SANITIZER)
    SCMP_SYS(sigaltstack),    SCMP_SYS(sched_yield),     SCMP_SYS(mprotect),
#endif
};

// What it does besides with sockets over IP.
constexpr std::array kAllowedOfSockets{
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
};

bool allow(void* filter, std::span<const int> calls) {
  return std::ranges::all_of(calls, [&](int call) {
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr) == 0;
  });
}

bool allow_if(void* filter, int call, const scmp_arg_cmp& condition) {
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

// Memory may become less accessible, never executable.
bool allow_memory(void* filter) {
  const scmp_arg_cmp not_executable =
      SCMP_A2_64(SCMP_CMP_MASKED_EQ, std::uint64_t{4} /* PROT_EXEC */, std::uint64_t{0});
#if !defined(FROMGUARD_ADDRESS_SANITIZER)
  if (!allow_if(filter, SCMP_SYS(mprotect), not_executable)) {
    return false;
  }
#endif
  return allow_if(filter, SCMP_SYS(mmap), not_executable);
}

// A Unix socket would lead to a daemon's own API.
bool allow_sockets_over_ip(void* filter) {
  const scmp_arg_cmp ipv4 = SCMP_A0_64(SCMP_CMP_EQ, std::uint64_t{AF_INET}, std::uint64_t{0});
  const scmp_arg_cmp ipv6 = SCMP_A0_64(SCMP_CMP_EQ, std::uint64_t{AF_INET6}, std::uint64_t{0});
  return allow(filter, kAllowedOfSockets) && allow_if(filter, SCMP_SYS(socket), ipv4) &&
         allow_if(filter, SCMP_SYS(socket), ipv6);
}

bool filter_system_calls(const Confinement& confinement) {
  const std::unique_ptr<void, FreeFilter> filter{seccomp_init(SCMP_ACT_KILL_PROCESS)};
  return filter != nullptr && allow(filter.get(), kAllowed) && allow_memory(filter.get()) &&
         (confinement.sockets_over_ip == 0 || allow_sockets_over_ip(filter.get())) &&
         seccomp_load(filter.get()) == 0;
}

}  // namespace

bool confine_process(const Confinement& confinement) {
  return ::close_range(kStandardDescriptors, std::numeric_limits<unsigned>::max(), 0) == 0 &&
         ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_resources(confinement) &&
         filter_system_calls(confinement);
}

}  // namespace policy
