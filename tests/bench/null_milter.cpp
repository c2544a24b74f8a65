// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// A libmilter milter that does nothing, with the negotiation of fromguard-gateway: what is left
// when a message costs nothing but the protocol. `null_milter ADDRESS` serves until SIGTERM.
// `--stamp` adds two fields to each message, `--nagle` leaves TCP_NODELAY off, and `--backlog N`
// says how many connections may wait to be taken.
#include "tests/support/stream_socket.h"

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sysexits.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>  // IWYU pragma: keep
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>  // IWYU pragma: keep

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

bool stamps = false;  // set before libmilter runs

sfsistat on_end_of_headers(SMFICTX* /*context*/) noexcept {
  return stamps ? SMFIS_CONTINUE : SMFIS_ACCEPT;
}

sfsistat on_end_of_message(SMFICTX* context) noexcept {
  std::array<char, 7> name{"X-Null"};
  std::array<char, 5> value{"none"};
  const bool done = smfi_insheader(context, 0, name.data(), value.data()) == MI_SUCCESS &&
                    smfi_insheader(context, 0, name.data(), value.data()) == MI_SUCCESS;
  return done ? SMFIS_ACCEPT : SMFIS_TEMPFAIL;
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
  description.xxfi_eom = on_end_of_message;
  description.xxfi_negotiate = on_negotiate;
  // libmilter copies the name.
  return smfi_register(description) == MI_SUCCESS;
}

int serve(const tests::Descriptor& listener, const std::string& address, int backlog) {
  // Debian's libmilter takes an open socket as `fd:N`.
  std::string connection = fmt::format("fd:{}", listener.get());
  if (smfi_setconn(connection.data()) != MI_SUCCESS || !register_milter() ||
      smfi_setbacklog(backlog) != MI_SUCCESS || smfi_opensocket(false) != MI_SUCCESS) {
    fmt::print(stderr, "null_milter: libmilter refuses the socket\n");
    return EX_UNAVAILABLE;
  }
  fmt::print("{}\n", address);
  if (std::fflush(stdout) != 0) {
    return EX_IOERR;
  }
  return smfi_main() == MI_SUCCESS ? EXIT_SUCCESS : EX_SOFTWARE;
}

struct Options {
  std::string address;
  bool nagle = false;
  int backlog = SOMAXCONN;
};

int run(const Options& options) {
  const auto address = tests::parse_milter_address(options.address);
  if (!address) {
    fmt::print(stderr, "null_milter: {}\n", address.error().message);
    return EX_USAGE;
  }
  const auto listener = tests::listen_on(*address);
  if (!listener) {
    fmt::print(stderr, "null_milter: {}\n", listener.error().message);
    return EX_OSERR;
  }
  constexpr int kOff = 0;
  const bool is_set =
      !options.nagle ||
      ::setsockopt(listener->get(), IPPROTO_TCP, TCP_NODELAY, &kOff, sizeof kOff) == 0;
  if (!is_set || ::listen(listener->get(), options.backlog) != 0) {
    fmt::print(stderr, "null_milter: the socket does not take its options\n");
    return EX_OSERR;
  }
  const auto name = tests::milter_address_of(*listener);
  if (!name) {
    fmt::print(stderr, "null_milter: {}\n", name.error().message);
    return EX_OSERR;
  }
  return serve(*listener, *name, options.backlog);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app{"A milter that does nothing."};
    Options options;
    app.add_option("address", options.address, "inet:PORT@HOST or unix:PATH")->required();
    app.add_flag("--stamp", stamps, "add two fields to each message");
    app.add_flag("--nagle", options.nagle, "leave TCP_NODELAY off");
    app.add_option("--backlog", options.backlog, "connections that wait to be taken");
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error);
    }
    return run(options);
  } catch (const std::exception& error) {
    static_cast<void>(std::fputs(error.what(), stderr));
    return EX_SOFTWARE;
  }
}
