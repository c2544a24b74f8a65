// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// A libmilter milter that does nothing, with the negotiation of fromguard-gateway: what is left
// when a message costs nothing but the protocol. `null_milter ADDRESS` serves until SIGTERM.
#include "tests/support/stream_socket.h"

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <utility>

#include <fmt/core.h>
#include <sys/socket.h>
#include <sysexits.h>

namespace {

constexpr unsigned long kActions = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE;
constexpr unsigned long kSteps = SMFIP_NOHELO | SMFIP_NOUNKNOWN | SMFIP_NODATA | SMFIP_NOBODY |
                                 SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR;
constexpr std::array kMacros{std::pair{SMFIM_CONNECT, "j"},
                             std::pair{SMFIM_ENVFROM, "{auth_authen}"},
                             std::pair{SMFIM_EOH, "i"},
                             std::pair{SMFIM_EOM, "i"}};

sfsistat on_connect(SMFICTX* /*context*/, char* /*host*/, sockaddr* /*address*/) noexcept {
  return SMFIS_NOREPLY;
}

sfsistat on_envelope(SMFICTX* /*context*/, char** /*arguments*/) noexcept {
  return SMFIS_NOREPLY;
}

sfsistat on_header(SMFICTX* /*context*/, char* /*name*/, char* /*value*/) noexcept {
  return SMFIS_NOREPLY;
}

sfsistat on_end_of_headers(SMFICTX* /*context*/) noexcept {
  return SMFIS_ACCEPT;
}

// libmilter prescribes the parameters.
// NOLINTNEXTLINE(readability-function-size)
sfsistat on_negotiate(SMFICTX* context,
                      unsigned long /*offered_actions*/,
                      unsigned long offered_steps,
                      unsigned long /*offered_more*/,
                      unsigned long /*offered_even_more*/,
                      unsigned long* actions,
                      unsigned long* steps,
                      unsigned long* more,
                      unsigned long* even_more) noexcept {
  if ((offered_steps & kSteps) != kSteps) {
    return SMFIS_REJECT;
  }
  for (const auto& [stage, names] : kMacros) {
    std::string list{names};
    if (smfi_setsymlist(context, stage, list.data()) != MI_SUCCESS) {
      return SMFIS_REJECT;
    }
  }
  *actions = kActions;
  *steps = kSteps;
  *more = 0;
  *even_more = 0;
  return SMFIS_CONTINUE;
}

bool register_milter() {
  std::string name = "null";
  smfiDesc description{};
  description.xxfi_name = name.data();
  description.xxfi_version = SMFI_VERSION;
  description.xxfi_flags = kActions;
  description.xxfi_connect = on_connect;
  description.xxfi_envfrom = on_envelope;
  description.xxfi_envrcpt = on_envelope;
  description.xxfi_header = on_header;
  description.xxfi_eoh = on_end_of_headers;
  description.xxfi_negotiate = on_negotiate;
  // libmilter copies the name.
  return smfi_register(description) == MI_SUCCESS;
}

int serve(const tests::Descriptor& listener, const std::string& address) {
  // Debian's libmilter takes an open socket as `fd:N`.
  std::string connection = fmt::format("fd:{}", listener.get());
  if (smfi_setconn(connection.data()) != MI_SUCCESS || !register_milter() ||
      smfi_setbacklog(SOMAXCONN) != MI_SUCCESS || smfi_opensocket(false) != MI_SUCCESS) {
    fmt::print(stderr, "null_milter: libmilter refuses the socket\n");
    return EX_UNAVAILABLE;
  }
  fmt::print("{}\n", address);
  if (std::fflush(stdout) != 0) {
    return EX_IOERR;
  }
  return smfi_main() == MI_SUCCESS ? EXIT_SUCCESS : EX_SOFTWARE;
}

int run(std::span<char*> arguments) {
  if (arguments.size() != 2) {
    fmt::print(stderr, "usage: null_milter inet:PORT@HOST | unix:PATH\n");
    return EX_USAGE;
  }
  const auto address = tests::parse_milter_address(arguments[1]);
  if (!address) {
    fmt::print(stderr, "null_milter: {}\n", address.error().message);
    return EX_USAGE;
  }
  const auto listener = tests::listen_on(*address);
  if (!listener) {
    fmt::print(stderr, "null_milter: {}\n", listener.error().message);
    return EX_OSERR;
  }
  const auto name = tests::milter_address_of(*listener);
  if (!name) {
    fmt::print(stderr, "null_milter: {}\n", name.error().message);
    return EX_OSERR;
  }
  return serve(*listener, *name);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    static_cast<void>(std::fputs(error.what(), stderr));
    return EX_SOFTWARE;
  }
}
