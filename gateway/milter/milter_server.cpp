// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/milter_server.h"

#include "gateway/milter/listening_socket.h"
#include "gateway/milter/milter_connection.h"
#include "gateway/milter/steady_time.h"
#include "gateway/session/enforcement.h"
#include "gateway/session/session.h"
#include "policy/event.h"
#include "policy/result.h"

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gateway {

// The end of a message, which may take some seconds; counted as long as it lives.
class EndOfMessage {
 public:
  explicit EndOfMessage(MilterServer& server) : server_(server) { ++server_.ends_of_message_; }

  EndOfMessage(const EndOfMessage&) = delete;
  EndOfMessage& operator=(const EndOfMessage&) = delete;
  EndOfMessage(EndOfMessage&&) = delete;
  EndOfMessage& operator=(EndOfMessage&&) = delete;

  ~EndOfMessage() { --server_.ends_of_message_; }

 private:
  MilterServer& server_;
};

namespace {

// libmilter gives callbacks nothing of ours until a connection has its private data.
MilterServer* serving = nullptr;

constexpr unsigned long kActions =
    SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE | SMFIF_ADDRCPT | SMFIF_DELRCPT;

// Everything that is not used is declined, and replies to steps that never act are too: 2.3 times
// the messages a second of a milter that answers everything. Bodies come with the few messages
// that are not accepted at the end of their header: SMFIP_SKIP cannot decline the rest, since
// Postfix sends the last part with the end of the message, and libmilter takes a skip of that part
// for the answer to the end. Signatures need the space after a colon.
constexpr unsigned long kSteps = SMFIP_NOUNKNOWN | SMFIP_NODATA | SMFIP_HDR_LEADSPC |
                                 SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT |
                                 SMFIP_NR_HDR;

constexpr auto kWakeInterval = std::chrono::milliseconds{10};

MilterConnection* connection_of(SMFICTX* context) {
  return static_cast<MilterConnection*>(smfi_getpriv(context));
}

std::string_view macro(SMFICTX* context, const char* name) {
  // libmilter's interface is not const-correct; it does not write to the name.
  const char* value = smfi_getsymval(context, const_cast<char*>(name));
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::string_view text_or_empty(const char* text) {
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

// The one place where events become session calls and failures become a degraded message.
template <typename Handle>
sfsistat forward(SMFICTX* context, unsigned long no_reply_flag, Handle handle) noexcept {
  MilterConnection* connection = connection_of(context);
  if (connection == nullptr) {
    return SMFIS_TEMPFAIL;
  }
  try {
    handle(*connection);
  } catch (const std::exception& error) {
    connection->fail(error);
  }
  return connection->has_step(no_reply_flag) ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

std::string address_text(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* written = nullptr;
  if (address != nullptr && address->sa_family == AF_INET) {
    const auto* inet = reinterpret_cast<const sockaddr_in*>(address);
    written = inet_ntop(AF_INET, &inet->sin_addr, text.data(), text.size());
  } else if (address != nullptr && address->sa_family == AF_INET6) {
    const auto* inet6 = reinterpret_cast<const sockaddr_in6*>(address);
    written = inet_ntop(AF_INET6, &inet6->sin6_addr, text.data(), text.size());
  }
  return std::string{text_or_empty(written)};
}

// Fewer macros are less to send; sites that set their own lists keep them.
void ask_for_macros(SMFICTX* context) {
  constexpr std::array<std::pair<int, const char*>, 4> kMacros{{
      {SMFIM_CONNECT, "j {daemon_name}"},
      {SMFIM_ENVFROM, "{auth_authen}"},
      {SMFIM_EOH, "i"},
      {SMFIM_EOM, "i"},
  }};
  for (const auto& [stage, names] : kMacros) {
    // Where it is refused the MTA sends its own list, which has these.
    static_cast<void>(smfi_setsymlist(context, stage, const_cast<char*>(names)));
  }
}

// NOLINTNEXTLINE(readability-function-size): the parameters are libmilter's.
sfsistat on_negotiate(SMFICTX* context,
                      unsigned long offered_actions,
                      unsigned long offered_steps,
                      unsigned long /*reserved*/,
                      unsigned long /*reserved*/,
                      unsigned long* actions,
                      unsigned long* steps,
                      unsigned long* reserved2,
                      unsigned long* reserved3) noexcept {
  *actions = kActions & offered_actions;
  *steps = kSteps & offered_steps;
  *reserved2 = 0;
  *reserved3 = 0;
  ask_for_macros(context);
  try {
    auto connection = std::make_unique<MilterConnection>(*serving, *steps);
    if (smfi_setpriv(context, connection.get()) != MI_SUCCESS) {
      return SMFIS_REJECT;
    }
    // Freed in on_close.
    static_cast<void>(connection.release());
  } catch (const std::exception&) {
    return SMFIS_REJECT;
  }
  return SMFIS_CONTINUE;
}

sfsistat on_connect(SMFICTX* context, char* /*host*/, sockaddr* address) noexcept {
  return forward(context, SMFIP_NR_CONN, [&](MilterConnection& connection) {
    connection.session().on_connect(
        address_text(address), macro(context, "j"), macro(context, "{daemon_name}"));
  });
}

sfsistat on_helo(SMFICTX* context, char* name) noexcept {
  return forward(context, SMFIP_NR_HELO, [&](MilterConnection& connection) {
    connection.session().on_helo(text_or_empty(name));
  });
}

sfsistat on_envelope_from(SMFICTX* context, char** arguments) noexcept {
  return forward(context, SMFIP_NR_MAIL, [&](MilterConnection& connection) {
    connection.session().on_mail(text_or_empty(arguments[0]),
                                 !macro(context, "{auth_authen}").empty());
    connection.message_begins();
  });
}

sfsistat on_recipient(SMFICTX* context, char** arguments) noexcept {
  return forward(context, SMFIP_NR_RCPT, [&](MilterConnection& connection) {
    connection.session().on_recipient(text_or_empty(arguments[0]));
  });
}

sfsistat on_header(SMFICTX* context, char* name, char* value) noexcept {
  return forward(context, SMFIP_NR_HDR, [&](MilterConnection& connection) {
    connection.on_header(text_or_empty(name), text_or_empty(value));
  });
}

sfsistat on_end_of_headers(SMFICTX* context) noexcept {
  bool accept = false;
  const sfsistat go_on = forward(context, SMFIP_NR_EOH, [&](MilterConnection& connection) {
    accept =
        connection.session().on_end_of_headers(macro(context, "i")) == Session::HeaderStep::kAccept;
    if (accept) {
      connection.message_ends();
    }
  });
  return accept ? SMFIS_ACCEPT : go_on;
}

// Must go on: libmilter calls the end of the message only then.
sfsistat on_body(SMFICTX* context, unsigned char* octets, std::size_t size) noexcept {
  forward(context, 0, [&](MilterConnection& connection) {
    connection.session().on_body({reinterpret_cast<const char*>(octets), size});
  });
  return SMFIS_CONTINUE;
}

// Whether libmilter took every change.
bool change_message(SMFICTX* context, const Enforcement& enforcement) {
  bool done = true;
  // Who sees the space after a colon also writes it.
  const MilterConnection* connection = connection_of(context);
  const std::string space{connection->has_step(SMFIP_HDR_LEADSPC) ? " " : ""};
  for (const RemovedField& field : enforcement.removed) {
    std::string name = field.name;
    done = smfi_chgheader(context, name.data(), static_cast<int>(field.occurrence), nullptr) ==
               MI_SUCCESS &&
           done;
  }
  for (const ChangedField& field : enforcement.changed) {
    std::string name = field.name;
    std::string value = space + field.value;
    done = smfi_chgheader(context, name.data(), static_cast<int>(field.occurrence), value.data()) ==
               MI_SUCCESS &&
           done;
  }
  for (const AddedField& field : enforcement.added) {
    std::string name = field.name;
    std::string value = space + field.value;
    done = smfi_insheader(context, 0, name.data(), value.data()) == MI_SUCCESS && done;
  }
  for (const std::string& recipient : enforcement.added_recipients) {
    std::string path = '<' + recipient + '>';
    done = smfi_addrcpt(context, path.data()) == MI_SUCCESS && done;
  }
  for (const std::string& recipient : enforcement.removed_recipients) {
    std::string path = '<' + recipient + '>';
    done = smfi_delrcpt(context, path.data()) == MI_SUCCESS && done;
  }
  if (enforcement.quarantine_reason.has_value()) {
    std::string reason = *enforcement.quarantine_reason;
    done = smfi_quarantine(context, reason.data()) == MI_SUCCESS && done;
  }
  return done;
}

// libmilter takes the text for a format and ignores a reply with a lone percent sign.
std::string reply_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c;
    if (c == '%') {
      escaped += c;
    }
  }
  return escaped;
}

void set_reply(SMFICTX* context, const SmtpReply& reply) {
  std::string code = reply.code;
  std::string enhanced_code = reply.enhanced_code;
  std::string text = reply_text(reply.text);
  // Refused, the MTA says its own words with the same outcome.
  static_cast<void>(smfi_setreply(context, code.data(), enhanced_code.data(), text.data()));
}

sfsistat carry_out(SMFICTX* context, const Enforcement& enforcement) {
  if (enforcement.reply.has_value()) {
    set_reply(context, *enforcement.reply);
  }
  switch (enforcement.outcome) {
    case Enforcement::Outcome::kReject: return SMFIS_REJECT;
    case Enforcement::Outcome::kTempFail: return SMFIS_TEMPFAIL;
    case Enforcement::Outcome::kDiscard: return SMFIS_DISCARD;
    case Enforcement::Outcome::kAccept: break;
  }
  return change_message(context, enforcement) ? SMFIS_ACCEPT : SMFIS_TEMPFAIL;
}

sfsistat on_end_of_message(SMFICTX* context) noexcept {
  sfsistat outcome = SMFIS_TEMPFAIL;
  forward(context, 0, [&](MilterConnection& connection) {
    const EndOfMessage counted{connection.server()};
    const Enforcement enforcement = connection.session().on_end_of_message(macro(context, "i"));
    connection.message_ends();
    outcome = carry_out(context, enforcement);
  });
  return outcome;
}

sfsistat on_abort(SMFICTX* context) noexcept {
  return forward(context, 0, [](MilterConnection& connection) {
    connection.session().on_abort();
    connection.message_ends();
  });
}

sfsistat on_close(SMFICTX* context) noexcept {
  const std::unique_ptr<MilterConnection> connection{connection_of(context)};
  smfi_setpriv(context, nullptr);
  return SMFIS_CONTINUE;
}

}  // namespace

MilterServer::MilterServer(const ListeningSocket& socket,
                           const SessionSettings& settings,
                           SessionHost& host,
                           const policy::EventLog& log,
                           std::size_t most_connections)
    : socket_(socket),
      settings_(settings),
      host_(host),
      log_(log),
      most_connections_(most_connections),
      spare_descriptors_(socket.descriptor(), [&host] { host.count_limit("descriptors"); }) {
  serving = this;
}

MilterServer::~MilterServer() {
  serving = nullptr;
}

policy::Result<void> MilterServer::prepare() {
  keep_time_steady();
  smfiDesc description{};
  std::string name{"fromguard"};
  description.xxfi_name = name.data();
  description.xxfi_version = SMFI_VERSION;
  description.xxfi_flags = kActions;
  description.xxfi_negotiate = on_negotiate;
  description.xxfi_connect = on_connect;
  description.xxfi_helo = on_helo;
  description.xxfi_envfrom = on_envelope_from;
  description.xxfi_envrcpt = on_recipient;
  description.xxfi_header = on_header;
  description.xxfi_eoh = on_end_of_headers;
  description.xxfi_body = on_body;
  description.xxfi_eom = on_end_of_message;
  description.xxfi_abort = on_abort;
  description.xxfi_close = on_close;
  std::string connection = socket_.connection_text();
  if (smfi_register(description) != MI_SUCCESS || smfi_setconn(connection.data()) != MI_SUCCESS ||
      smfi_opensocket(false) != MI_SUCCESS) {
    return policy::fail(
        policy::ErrorCode::kUnavailable,
        "libmilter does not take the listening socket (" + connection + "); is it Debian's build?");
  }
  return {};
}

policy::Result<void> MilterServer::run() {
  const bool is_done = smfi_main() == MI_SUCCESS;
  has_ended_ = true;
  // libmilter also fails where the socket is closed between two of its looks.
  if (!is_done && !is_stopping_) {
    return policy::fail(policy::ErrorCode::kUnavailable, "libmilter ended with an error");
  }
  return {};
}

void MilterServer::relieve() const {
  // libmilter hands a session to a thread that it takes for idle until that has woken up, so one
  // thread may get two, and the second waits for the first. Whoever is done looks for such a
  // session: so somebody is made to be done.
  if (ends_of_message_ > 0) {
    socket_.wake_acceptor();
  }
}

void MilterServer::stop() {
  // Told to stop before it waits for connections, libmilter fails: the socket is closed by then.
  while (!spare_descriptors_.has_accepted() && !has_ended_) {
    socket_.wake_acceptor();
    std::this_thread::sleep_for(kWakeInterval);
  }
  is_stopping_ = true;
  // smfi_stop waits for the acceptor, and that looks up only when somebody comes, or after 5 s.
  std::atomic<bool> is_stopped{false};
  std::thread stopping{[&is_stopped] {
    smfi_stop();
    is_stopped = true;
  }};
  while (!is_stopped) {
    socket_.wake_acceptor();
    std::this_thread::sleep_for(kWakeInterval);
  }
  stopping.join();
}

}  // namespace gateway
