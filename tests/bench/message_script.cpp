// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/message_script.h"

#include "tests/support/milter_protocol.h"
#include "tests/support/mta_dialogue.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace tests {
namespace {

using Field = std::pair<std::string_view, std::string_view>;

// Fourteen fields of ordinary mail; From is the fifteenth.
constexpr std::array<Field, 4> kFieldsBeforeFrom{{
    {"Return-Path", "<bounces+48291@mail.client.example>"},
    {"Received",
     "from out7.mail.client.example (out7.mail.client.example [192.0.2.1])\n"
     "\tby mx.contoso.com (Postfix) with ESMTPS id 4ZkQ1x2Rw9z1\n"
     "\tfor <staff@contoso.com>; Mon, 12 Oct 2026 09:14:07 +0000 (UTC)"},
    {"Received",
     "from app3.client.example (app3.client.example [198.51.100.7])\n"
     "\tby out7.mail.client.example with ESMTP id u7si19204wrz.4.2026.10.12.02.14.06;\n"
     "\tMon, 12 Oct 2026 02:14:06 -0700"},
    {"DKIM-Signature",
     "v=1; a=rsa-sha256; c=relaxed/relaxed; d=client.example; s=k2026;\n"
     "\th=from:to:subject:date:message-id:mime-version;\n"
     "\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\n"
     "\tb=dGhpcyBzaWduYXR1cmUgaXMgbm8gc2lnbmF0dXJlIGJ1dCBoYXMgdGhlIHNpemUgb2Ygb25l"},
}};
constexpr std::array<Field, 10> kFieldsAfterFrom{{
    {"To", "Staff <staff@contoso.com>"},
    {"Subject", "Minutes of the meeting on Monday and the dates of the next two"},
    {"Date", "Mon, 12 Oct 2026 02:14:05 -0700"},
    {"Message-ID", "<20261012021405.7F3A91C2@app3.client.example>"},
    {"Reply-To", "office@client.example"},
    {"MIME-Version", "1.0"},
    {"Content-Type", "text/plain; charset=utf-8"},
    {"Content-Transfer-Encoding", "quoted-printable"},
    {"X-Mailer", "Client Mailer 7.2"},
    {"List-Unsubscribe", "<https://client.example/unsubscribe?u=48291>"},
}};

constexpr std::string_view kBodyLine =
    "The next meeting is on Monday; the room is the same one.\r\n";
constexpr std::size_t kLargestChunk = 65'535;

template <std::size_t kCount>
std::size_t size_of(const std::array<Field, kCount>& fields) {
  std::size_t size = 0;
  for (const auto& [name, value] : fields) {
    size += name.size() + value.size() + std::string_view{": \r\n"}.size();
  }
  return size;
}

std::string make_body(std::size_t message_size) {
  const std::size_t headers = size_of(kFieldsBeforeFrom) + size_of(kFieldsAfterFrom);
  std::string body;
  while (headers + body.size() < message_size) {
    body += kBodyLine;
  }
  return body;
}

}  // namespace

MessageScript::MessageScript(const Negotiation& answer, const Shape& shape) {
  dialogue_.agree(answer);
  dialogue_.define_macro("j", "mx.contoso.com");
  dialogue_.define_macro("v", "Postfix 3.7.11");
  dialogue_.define_macro("{daemon_name}", "mx.contoso.com");
  dialogue_.define_macro("_", "out7.mail.client.example [192.0.2.1]");
  dialogue_.define_macro("i", "4ZkQ1x2Rw9z1");

  add(dialogue_.connect(current_.before, {.host_name = "out7.mail.client.example"}),
      session_steps_);
  add(dialogue_.helo(current_.before, "out7.mail.client.example"), session_steps_);
  session_rest_ = std::exchange(current_, {}).before;

  const std::array<std::string, 2> sender{"<bounces+48291@mail.client.example>", "SIZE=4096"};
  add(dialogue_.mail(current_.before, sender), message_steps_);
  for (std::size_t i = 0; i < shape.recipients; ++i) {
    const std::string recipient = fmt::format("<staff{}@contoso.com>", i);
    add(dialogue_.rcpt(current_.before, std::span{&recipient, 1}), message_steps_);
  }
  add(dialogue_.data(current_.before), message_steps_);
  add_headers(shape);
}

void MessageScript::add_headers(const Shape& shape) {
  for (const auto& [name, value] : kFieldsBeforeFrom) {
    add(dialogue_.header(current_.before, name, value), message_steps_);
  }
  std::string only_to_learn_of_the_answer;
  current_.has_from = true;
  add(dialogue_.header(only_to_learn_of_the_answer, "From", ""), message_steps_);
  const auto part = [this]() -> std::string& {
    return current_.has_from ? current_.after : current_.before;
  };
  for (const auto& [name, value] : kFieldsAfterFrom) {
    add(dialogue_.header(part(), name, value), message_steps_);
  }
  add(dialogue_.end_of_headers(part()), message_steps_);
  const std::string body = make_body(shape.size_bytes);
  // Nothing of the body travels with its end, as from Postfix: not every milter would look there.
  for (std::string_view rest = body; !rest.empty();
       rest.remove_prefix(std::min(rest.size(), kLargestChunk))) {
    add(dialogue_.body(part(), rest.substr(0, kLargestChunk)), message_steps_);
  }
  add(dialogue_.end_of_message(part(), {}), message_steps_);
}

void MessageScript::add(MtaDialogue::Answer answer, std::vector<Step>& steps) {
  if (answer == MtaDialogue::Answer::kExpected) {
    steps.push_back(std::exchange(current_, {}));
  }
}

void MessageScript::append(std::string& out, const Step& step, std::string_view from) const {
  out += step.before;
  if (step.has_from) {
    // Whether it is answered was settled when the steps were cut.
    static_cast<void>(dialogue_.header(out, "From", from));
  }
  out += step.after;
}

}  // namespace tests
