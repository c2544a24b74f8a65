// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/posture_export.h"

#include "directory/api/finding_filter.h"
#include "directory/api/posture_json.h"
#include "directory/http/server.h"
#include "directory/posture/evidence_text.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/finding_table.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/name/visible_text.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

namespace asio = boost::asio;

// Others get the daemon's thread after so many findings.
constexpr std::size_t kFindingsAtATime = 500;

constexpr std::string_view kHeading =
    "organization,directory,finding,title,category,severity,state,subject_type,subject_id,subject,"
    "evidence,reason,first_seen,last_seen\r\n";

std::string cell(std::string_view text) {
  const std::string visible = policy::visible_text(text);
  const bool is_formula =
      !visible.empty() && std::string_view{"=+-@"}.find(visible.front()) != std::string_view::npos;
  std::string quoted = is_formula ? "\"'" : "\"";
  for (const char octet : visible) {
    quoted += octet == '"' ? "\"\"" : std::string{octet};
  }
  return quoted + '"';
}

// `rule: Holiday; to: a@b.example, c@d.example`
std::string evidence_text(const Evidence& evidence) {
  std::string text;
  for (const EvidenceField& field : evidence) {
    text += fmt::format(
        "{}{}: {}", text.empty() ? "" : "; ", field.name, fmt::join(field.values, ", "));
  }
  return text;
}

std::string csv_line(const KeptFinding& kept) {
  const PostureFinding& finding = kept.finding;
  const FindingKind* const kind = find_kind(finding.finding);
  const std::vector<std::string> cells{cell(kept.directory.organization),
                                       cell(kept.directory.directory),
                                       cell(finding.finding),
                                       cell(kind == nullptr ? "" : kind->title),
                                       cell(kind == nullptr ? "" : kind->category),
                                       cell(kind == nullptr ? "" : word_of(kind->severity)),
                                       cell(word_of(finding.state)),
                                       cell(word_of(finding.subject.type)),
                                       cell(finding.subject.id),
                                       cell(finding.subject.label),
                                       cell(evidence_text(finding.evidence)),
                                       cell(finding.reason),
                                       cell(time_text(finding.first_seen)),
                                       cell(time_text(finding.last_seen))};
  return fmt::format("{}\r\n", fmt::join(cells, ","));
}

class FindingExport final : public BodyStream {
 public:
  FindingExport(const StateReader& reader,
                std::vector<DirectoryKey> directories,
                FindingFilter filter,
                ExportFormat format)
      : reader_(&reader),
        directories_(std::move(directories)),
        filter_(std::move(filter)),
        format_(format) {}

  Task<std::optional<std::string>> next() override {
    std::string piece;
    if (!is_begun_) {
      is_begun_ = true;
      piece = format_ == ExportFormat::kCsv ? std::string{kHeading} : "[";
    }
    while (piece.size() < kEnough && place_ < directories_.size() && !is_cancelled_) {
      add_slice(piece);
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    if (place_ == directories_.size() && !is_ended_) {
      is_ended_ = true;
      piece += format_ == ExportFormat::kJson ? "]\n" : "";
    }
    if (piece.empty() || is_cancelled_) {
      co_return std::nullopt;
    }
    co_return piece;
  }

  void cancel() override { is_cancelled_ = true; }

 private:
  static constexpr std::size_t kEnough = 32'768;

  // Adds what is next in the directory; goes on to the next one at its end.
  void add_slice(std::string& piece) {
    const DirectoryKey& key = directories_[place_];
    std::size_t looked_at = 0;
    const std::string from = last_.empty() ? "" : last_ + '\0';
    const auto read = for_each_finding(*reader_,
                                       join_key({key.organization, key.directory}),
                                       from,
                                       [&](const std::string& at, const KeptFinding& kept) {
                                         last_ = at;
                                         add(kept, piece);
                                         return ++looked_at < kFindingsAtATime;
                                       });
    if (!read.has_value()) {
      // Cut short it is no JSON; of CSV the last line says so.
      piece += format_ == ExportFormat::kCsv ? cell("this is not whole: " + read.error().message)
                                             : std::string{};
      place_ = directories_.size();
      is_ended_ = true;
      return;
    }
    if (looked_at < kFindingsAtATime) {
      last_.clear();
      ++place_;
    }
  }

  void add(const KeptFinding& kept, std::string& piece) {
    if (!filter_.admits(kept.finding)) {
      return;
    }
    if (format_ == ExportFormat::kCsv) {
      piece += csv_line(kept);
      return;
    }
    piece += is_first_ ? "\n" : ",\n";
    piece += boost::json::serialize(to_json(kept));
    is_first_ = false;
  }

  const StateReader* reader_;
  std::vector<DirectoryKey> directories_;
  FindingFilter filter_;
  ExportFormat format_;
  std::size_t place_ = 0;
  std::string last_;
  bool is_begun_ = false;
  bool is_first_ = true;
  bool is_ended_ = false;
  bool is_cancelled_ = false;
};

}  // namespace

std::shared_ptr<BodyStream> export_findings(const StateReader& reader,
                                            std::vector<DirectoryKey> directories,
                                            FindingFilter filter,
                                            ExportFormat format) {
  return std::make_shared<FindingExport>(reader, std::move(directories), std::move(filter), format);
}

}  // namespace directory
