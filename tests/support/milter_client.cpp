// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_client.h"

#include "policy/result.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"
#include "tests/support/stream_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>

namespace tests {
namespace {

using Clock = std::chrono::steady_clock;
using Verdict = Reply::Verdict;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kBodyChunk = 65'535;

/// The answer that decides the message, or nothing as long as it goes on.
Result<std::optional<Reply>> decision(Result<Reply> reply) {
  if (!reply) {
    return std::unexpected{reply.error()};
  }
  if (reply->ends_message()) {
    return std::optional{std::move(*reply)};
  }
  return std::nullopt;
}

}  // namespace

MilterClient::MilterClient(Descriptor stream, std::chrono::milliseconds patience)
    : stream_(std::move(stream)), patience_(patience) {}

Result<MilterClient> MilterClient::open(std::string_view address,
                                        std::chrono::milliseconds patience) {
  const auto where = parse_milter_address(address);
  if (!where) {
    return std::unexpected{where.error()};
  }
  auto stream = open_stream(*where, false);
  if (!stream) {
    return std::unexpected{stream.error()};
  }
  if (::connect(stream->get(), where->get(), where->size) != 0) {
    return system_failure(fmt::format("connect to {}", address));
  }
  return MilterClient{std::move(*stream), patience};
}

Result<Negotiation> MilterClient::negotiate(const Negotiation& offer) {
  std::string packet;
  append_packet(packet, static_cast<char>(Command::kNegotiate), encode(offer));
  if (auto sent = send_raw(packet); !sent) {
    return std::unexpected{sent.error()};
  }
  const auto answer = read_packet();
  if (!answer) {
    return fail("negotiate", answer.error());
  }
  if (answer->code != static_cast<char>(Command::kNegotiate)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("negotiate: the milter answers {:#04x}", answer->code));
  }
  auto agreed = parse_negotiation(answer->data);
  if (!agreed) {
    return agreed;
  }
  if (agreed->version > offer.version || (agreed->actions & ~offer.actions) != 0 ||
      (agreed->steps & ~offer.steps) != 0) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("negotiate: version {}, actions {:#x}, steps {:#x} were not offered",
                            agreed->version,
                            agreed->actions,
                            agreed->steps));
  }
  dialogue_.agree(*agreed);
  return agreed;
}

void MilterClient::define_macro(std::string_view name, std::string_view value) {
  dialogue_.define_macro(name, value);
}

Result<Reply> MilterClient::connect(const SmtpClient& client) {
  return ask(Command::kConnect, dialogue_.connect(pending_, client));
}

Result<Reply> MilterClient::helo(std::string_view name) {
  return ask(Command::kHelo, dialogue_.helo(pending_, name));
}

Result<Reply> MilterClient::mail(std::span<const std::string> arguments) {
  return ask(Command::kMail, dialogue_.mail(pending_, arguments));
}

Result<Reply> MilterClient::rcpt(std::span<const std::string> arguments) {
  return ask(Command::kRcpt, dialogue_.rcpt(pending_, arguments));
}

Result<Reply> MilterClient::data() {
  return ask(Command::kData, dialogue_.data(pending_));
}

Result<Reply> MilterClient::header(std::string_view name, std::string_view value) {
  return ask(Command::kHeader, dialogue_.header(pending_, name, value));
}

Result<Reply> MilterClient::end_of_headers() {
  return ask(Command::kEndOfHeaders, dialogue_.end_of_headers(pending_));
}

Result<Reply> MilterClient::body(std::string_view chunk) {
  return ask(Command::kBody, dialogue_.body(pending_, chunk));
}

Result<Reply> MilterClient::end_of_message(std::string_view last_chunk) {
  return ask(Command::kEndOfMessage, dialogue_.end_of_message(pending_, last_chunk));
}

Result<Reply> MilterClient::unknown(std::string_view command) {
  return ask(Command::kUnknown, dialogue_.unknown(pending_, command));
}

Result<Reply> MilterClient::ask(Command command, MtaDialogue::Answer answer) {
  Reply reply{.answered = command, .text = {}, .changes = {}};
  if (answer == MtaDialogue::Answer::kNone) {
    return reply;
  }
  if (auto sent = flush(); !sent) {
    return std::unexpected{sent.error()};
  }
  for (;;) {
    const auto packet = read_packet();
    if (!packet) {
      return fail(fmt::format("wait for the answer to {}", static_cast<char>(command)),
                  packet.error());
    }
    const auto complete = add_to_reply(reply, *packet);
    if (!complete) {
      return std::unexpected{complete.error()};
    }
    if (*complete) {
      return reply;
    }
  }
}

Result<Reply> MilterClient::deliver(const Message& message) {
  auto reply = send_message(message);
  if (!reply) {
    return reply;
  }
  if (auto aborted = abort(); !aborted) {
    return std::unexpected{aborted.error()};
  }
  return reply;
}

Result<Reply> MilterClient::send_message(const Message& message) {
  auto envelope = send_envelope(message);
  auto headers = envelope && !*envelope ? send_headers(message) : std::move(envelope);
  if (!headers) {
    return std::unexpected{headers.error()};
  }
  std::optional<Reply>& decided = *headers;
  return decided ? Result<Reply>{std::move(*decided)} : send_body(message);
}

Result<std::optional<Reply>> MilterClient::send_envelope(const Message& message) {
  auto decided = decision(mail(std::span{&message.sender, 1}));
  if (decided && !*decided) {
    decided = send_recipients(message);
  }
  if (decided && !*decided) {
    decided = decision(data());
  }
  return decided;
}

Result<std::optional<Reply>> MilterClient::send_recipients(const Message& message) {
  std::optional<Reply> last_refusal;
  std::size_t refused = 0;
  for (const std::string& recipient : message.recipients) {
    auto reply = rcpt(std::span{&recipient, 1});
    if (!reply || reply->verdict == Verdict::kAccept || reply->verdict == Verdict::kDiscard) {
      return decision(std::move(reply));
    }
    if (reply->ends_message()) {
      last_refusal = std::move(*reply);
      ++refused;
    }
  }
  if (refused < message.recipients.size()) {
    last_refusal.reset();
  }
  return last_refusal;
}

Result<std::optional<Reply>> MilterClient::send_headers(const Message& message) {
  for (const auto& [name, value] : message.headers) {
    auto decided = decision(header(name, value));
    if (!decided || *decided) {
      return decided;
    }
  }
  return decision(end_of_headers());
}

Result<Reply> MilterClient::send_body(const Message& message) {
  std::string_view rest = message.body;
  for (; rest.size() >= kBodyChunk; rest.remove_prefix(kBodyChunk)) {
    auto reply = body(rest.substr(0, kBodyChunk));
    if (!reply || reply->ends_message()) {
      return reply;
    }
    if (reply->verdict == Verdict::kSkip) {
      return end_of_message();
    }
  }
  return end_of_message(rest);
}

Result<void> MilterClient::send_command(Command command) {
  append_packet(pending_, static_cast<char>(command), {});
  return flush();
}

Result<void> MilterClient::abort() {
  return send_command(Command::kAbort);
}

Result<void> MilterClient::quit() {
  return send_command(Command::kQuit);
}

Result<void> MilterClient::quit_for_next_client() {
  return send_command(Command::kQuitNewConnection);
}

Result<void> MilterClient::flush() {
  const std::string bytes = std::exchange(pending_, {});
  return send_raw(bytes);
}

Result<void> MilterClient::send_raw(std::string_view bytes) {
  const auto deadline = Clock::now() + patience_;
  std::string_view rest = bytes.substr(0, allowance_.value_or(bytes.size()));
  const bool cut = rest.size() < bytes.size();
  if (allowance_) {
    *allowance_ -= rest.size();
  }
  while (!rest.empty()) {
    if (auto ready = wait_for(POLLOUT, deadline); !ready) {
      return fail("write to the milter", ready.error());
    }
    const ssize_t written =
        ::send(stream_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written > 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EAGAIN && errno != EINTR) {
      return system_failure("write to the milter");
    }
  }
  if (cut) {
    stream_.reset();
    return fail(ErrorCode::kUnavailable, "the connection was cut as asked");
  }
  return {};
}

void MilterClient::hang_up() {
  ::shutdown(stream_.get(), SHUT_WR);
  while (read_packet().has_value()) {
  }
}

Result<Packet> MilterClient::read_packet() {
  const auto deadline = Clock::now() + patience_;
  std::array<char, 4096> buffer{};
  for (;;) {
    auto next = packets_.next();
    if (!next) {
      return std::unexpected{next.error()};
    }
    if (std::optional<Packet>& packet = *next; packet) {
      return std::move(*packet);
    }
    if (auto ready = wait_for(POLLIN, deadline); !ready) {
      return fail("read from the milter", ready.error());
    }
    const ssize_t got = ::recv(stream_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      packets_.feed({buffer.data(), static_cast<std::size_t>(got)});
    } else if (got == 0) {
      return fail(ErrorCode::kNotFound, "the milter closed the connection");
    } else if (errno != EAGAIN && errno != EINTR) {
      return system_failure("read from the milter");
    }
  }
}

Result<void> MilterClient::wait_for(short events, Clock::time_point deadline) const {
  if (stream_.get() < 0) {
    return fail(ErrorCode::kUnavailable, "the connection was cut");
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd waited{.fd = stream_.get(), .events = events, .revents = 0};
  const int ready = ::poll(&waited, 1, static_cast<int>(std::max<long>(0, left.count())));
  if (ready == 0) {
    return fail(ErrorCode::kUnavailable, fmt::format("nothing within {} ms", patience_.count()));
  }
  if (ready < 0 && errno != EINTR) {
    return system_failure("poll");
  }
  return {};
}

}  // namespace tests
