// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/replay.h"

#include "gateway/replay/mail_file_reader.h"
#include "gateway/replay/mail_files.h"
#include "gateway/replay/mailbox_splitter.h"
#include "gateway/replay/progress.h"
#include "gateway/replay/replay_counts.h"
#include "gateway/replay/report.h"
#include "gateway/replay/stored_message.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/tools/on_all_cores.h"
#include "policy/config/problems.h"
#include "policy/exit_status.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/policy.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using policy::ErrorCode;
using policy::ExitStatus;

// What is judged at once bounds the memory: so many messages, or so many octets of their headers.
constexpr std::size_t kBatchMessages = 4096;
constexpr std::size_t kBatchOctets = std::size_t{16} * 1024 * 1024;

// A message that waits to be judged, and what came of it.
struct Waiting {
  MailFile file;
  std::optional<StoredHeader> header;  // absent: it is still to be read from the file
  std::uint64_t octets = 0;            // read for it alone
  ReplayedMessage judged;
  std::optional<policy::Error> trouble;
};

class Replay {
 public:
  Replay(const ReplayRequest& request,
         InForce in_force,
         std::shared_ptr<const policy::Policy> candidate,
         const SessionSettings& settings,
         const ReplayStreams& streams)
      : request_(request),
        in_force_(std::move(in_force)),
        settings_(settings),
        streams_(streams),
        display_(streams.terminal) {
    in_force_.is_stale = false;
    if (candidate != nullptr) {
      candidate_ = in_force_;
      candidate_->policy = std::move(candidate);
    }
  }

  ExitStatus run() {
    progress_.total = total_octets();
    MailFiles files{request_.paths, [this](const fs::path& path, const std::string& why) {
                      tell_not_read(path, {.code = ErrorCode::kUnavailable, .message = why});
                    }};
    for (auto file = files.next(); file.has_value(); file = files.next()) {
      if (file->format == MailFormat::kMessage) {
        add({.file = *std::move(file), .header = {}, .judged = {}, .trouble = {}});
      } else {
        read_mailbox(*file);
      }
    }
    judge_batch();
    counts_.passed_over += files.passed_over();
    display_.clear();
    write_summary();
    return status();
  }

 private:
  // Known where every path is a file, whose size can be asked for.
  [[nodiscard]] std::optional<std::uint64_t> total_octets() const {
    std::uint64_t total = 0;
    for (const fs::path& path : request_.paths) {
      std::error_code error;
      const std::uintmax_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
      if (error || size == 0) {
        return std::nullopt;
      }
      total += size;
    }
    return total;
  }

  void read_mailbox(const MailFile& file) {
    const auto content = read_mail_file(
        file,
        {.header_limit = settings_.header_octets,
         .take =
             [&](StoredHeader&& header) {
               add({.file = file, .header = std::move(header), .judged = {}, .trouble = {}});
             },
         .progress =
             [&](std::size_t octets) {
               progress_.octets += octets;
               display_.show(progress_);
             }});
    if (!content.has_value()) {
      tell_not_read(file.path, content.error());
    } else if (content->messages == 0 && file.format == MailFormat::kMailbox) {
      ++counts_.passed_over;
    }
  }

  void add(Waiting message) {
    if (const std::optional<StoredHeader>& header = message.header; header.has_value()) {
      batch_octets_ += header->octets.size();
    }
    batch_.push_back(std::move(message));
    if (batch_.size() >= kBatchMessages || batch_octets_ >= kBatchOctets) {
      judge_batch();
    }
  }

  void judge_batch() {
    on_all_cores(std::span{batch_}, [this](Waiting& message) { judge_message(message); });
    for (const Waiting& message : batch_) {
      count(message);
    }
    batch_.clear();
    batch_octets_ = 0;
    display_.show(progress_);
  }

  // Runs on all cores.
  void judge_message(Waiting& waiting) const {
    if (!waiting.header.has_value()) {
      read_header(waiting);
    }
    const std::optional<StoredHeader>& header = waiting.header;
    if (waiting.trouble.has_value() || !header.has_value()) {
      return;
    }
    ReplayedMessage& judged = waiting.judged;
    judged.path = waiting.file.path;
    judged.number = header->number;
    judged.has_cut_header = header->is_cut;
    judged.message = read_stored_message(header->octets, settings_.from_octets);
    waiting.header.reset();
    if (judged.number == 0 && judged.message.fields == 0) {
      waiting.trouble = no_mail();
      return;
    }
    judged.in_force = judge_stored_message(judged.message, in_force_, settings_.degraded);
    if (const std::optional<InForce>& candidate = candidate_; candidate.has_value()) {
      judged.candidate = judge_stored_message(judged.message, *candidate, settings_.degraded);
    }
    judged.message.facts = {};
    judged.message.results = {};
  }

  void read_header(Waiting& waiting) const {
    const auto content =
        read_mail_file(waiting.file,
                       {.header_limit = settings_.header_octets,
                        .take = [&](StoredHeader&& header) { waiting.header = std::move(header); },
                        .progress = {}});
    if (!content.has_value()) {
      waiting.trouble = content.error();
    } else if (!waiting.header.has_value()) {
      waiting.trouble = no_mail();
    } else {
      waiting.octets = content->octets;
    }
  }

  static policy::Error no_mail() {
    return {.code = ErrorCode::kInvalidInput, .message = "no mail: it has no header field"};
  }

  void count(const Waiting& waiting) {
    if (const std::optional<policy::Error>& trouble = waiting.trouble; trouble.has_value()) {
      tell_not_read(waiting.file.path, *trouble);
      return;
    }
    counts_.add(waiting.judged);
    progress_.messages = counts_.messages;
    progress_.octets += waiting.octets;
    if (request_.as_json && is_different(waiting.judged)) {
      display_.clear();
      streams_.output << difference_as_json(waiting.judged) << '\n';
    }
  }

  void tell_not_read(const fs::path& path, const policy::Error& error) {
    display_.clear();
    ++counts_.not_read;
    (error.code == ErrorCode::kInvalidInput ? has_bad_data_ : has_io_error_) = true;
    streams_.errors << policy::visible_text(path.native()) << ": " << error.message << '\n';
  }

  void write_summary() const {
    const ReplayReport report{
        .counts = counts_,
        .in_force = *in_force_.policy,
        .candidate = candidate_.has_value() ? candidate_->policy.get() : nullptr,
        .generation = in_force_.detector == nullptr ? 0 : in_force_.detector->view().generation()};
    if (request_.as_json) {
      streams_.output << report_as_json(report) << '\n';
    } else {
      write_report(streams_.output, report);
    }
    streams_.output.flush();
  }

  [[nodiscard]] ExitStatus status() const {
    if (has_io_error_ || !streams_.output) {
      return ExitStatus::kIoError;
    }
    return has_bad_data_ ? ExitStatus::kBadData : ExitStatus::kDone;
  }

  // Constant after construction.
  const ReplayRequest& request_;
  InForce in_force_;
  std::optional<InForce> candidate_;
  const SessionSettings& settings_;
  const ReplayStreams& streams_;

  ProgressDisplay display_;
  ReplayProgress progress_;
  ReplayCounts counts_;
  std::vector<Waiting> batch_;
  std::size_t batch_octets_ = 0;
  bool has_bad_data_ = false;
  bool has_io_error_ = false;
};

bool are_all_there(const std::vector<fs::path>& paths, std::ostream& errors) {
  bool all = true;
  for (const fs::path& path : paths) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      errors << policy::visible_text(path.native()) << ": no such file or folder\n";
      all = false;
    }
  }
  return all;
}

}  // namespace

ExitStatus replay(const ReplayRequest& request,
                  const InForce& in_force,
                  const SessionSettings& settings,
                  const ReplayStreams& streams) {
  std::shared_ptr<const policy::Policy> candidate;
  if (const std::optional<fs::path>& path = request.candidate; path.has_value()) {
    policy::Problems problems;
    auto loaded = policy::Policy::load(*path, problems);
    streams.errors << problems.text();
    if (!loaded.has_value()) {
      return ExitStatus::kConfiguration;
    }
    candidate = std::make_shared<const policy::Policy>(*std::move(loaded));
  }
  if (!are_all_there(request.paths, streams.errors)) {
    return ExitStatus::kNoInput;
  }
  return Replay{request, in_force, std::move(candidate), settings, streams}.run();
}

}  // namespace gateway
