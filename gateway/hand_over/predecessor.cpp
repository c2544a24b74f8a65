// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/predecessor.h"

#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/words.h"

#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>

namespace gateway {
namespace {

// Not for the programs that this process starts.
void keep_to_this_process(int descriptor) {
  if (descriptor >= 0) {
    static_cast<void>(::fcntl(descriptor, F_SETFD, FD_CLOEXEC));
  }
}

}  // namespace

std::unique_ptr<Predecessor> Predecessor::of_this_process() {
  // The caller sees to it that there is one thread.
  const char* const text = std::getenv(Inheritance::kVariable);  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) {
    return nullptr;
  }
  const std::optional<Inheritance> inheritance = Inheritance::parse(text);
  // NOLINTNEXTLINE(concurrency-mt-unsafe,misc-include-cleaner): <cstdlib> has it from <stdlib.h>
  ::unsetenv(Inheritance::kVariable);
  return inheritance.has_value() ? std::make_unique<Predecessor>(*inheritance) : nullptr;
}

Predecessor::Predecessor(const Inheritance& inheritance)
    : inheritance_(inheritance), channel_(inheritance.channel) {
  keep_to_this_process(inheritance.channel);
  keep_to_this_process(inheritance.milter);
  keep_to_this_process(inheritance.metrics);
}

Predecessor::~Predecessor() {
  let_go();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Predecessor::wait_for_turn() {
  if (channel_.say(hand_over_words::kReady)) {
    // Gone, it has let go as well.
    static_cast<void>(channel_.hear());
  }
}

void Predecessor::listen(std::function<void(const std::string& line)> take) {
  thread_ = std::thread{[this, take = std::move(take)] {
    for (auto line = channel_.hear(); line.has_value(); line = channel_.hear()) {
      take(*line);
    }
    is_gone_ = true;
  }};
}

}  // namespace gateway
