// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/detection_marks.h"

#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/paging.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/clock.h"
#include "directory/detections/detections.h"
#include "directory/http/server.h"
#include "directory/marks/detection_mark.h"
#include "directory/marks/evaluation_row.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kShown = 50;
// Others get the daemon's thread after so many marks.
constexpr std::size_t kMarksAtATime = 200;

// Which marks are asked for.
struct MarkFilter {
  Principal principal;
  std::optional<MarkVerdict> verdict;
  std::string organization;

  [[nodiscard]] bool passes(const DetectionMark& mark) const {
    const std::string& of = mark.record.organization;
    return principal.may_see(of) && (organization.empty() || organization == of) &&
           (!verdict.has_value() || *verdict == mark.verdict);
  }
};

std::expected<MarkFilter, Problem> filter_of(const ApiRequest& request) {
  const std::string_view word = query_value(request, "verdict");
  MarkFilter filter;
  filter.principal = request.principal;
  filter.verdict = mark_verdict_of(word);
  filter.organization = query_value(request, "organization");
  if (!word.empty() && !filter.verdict.has_value()) {
    return refuse_request("'verdict' is right or wrong", "/verdict");
  }
  return filter;
}

std::unexpected<Problem> no_such(const std::string& id) {
  return refuse({.code = policy::ErrorCode::kNotFound,
                 .message = "there is no detection " + id + " (any more)"});
}

// The record that is to be marked: the gateway's, or the one kept with an earlier mark.
std::expected<policy::DetectionRecord, Problem> requested_record(const ApiServices& services,
                                                                 const ApiRequest& request) {
  const std::string& text = request.captures.at(0);
  const auto id = policy::Ulid::parse(text);
  if (!id.has_value()) {
    return no_such(text);
  }
  const auto mark = read_mark(*services.database, *id);
  if (!mark.has_value()) {
    return refuse(mark.error());
  }
  std::optional<policy::DetectionRecord> record;
  if (const std::optional<DetectionMark>& known = *mark; known.has_value()) {
    record = known->record;
  } else if (services.detections != nullptr) {
    auto found = services.detections->find(*id);
    if (!found.has_value()) {
      return refuse(found.error());
    }
    record = *std::move(found);
  }
  if (!record.has_value() || !request.principal.may_see(record->organization)) {
    return no_such(text);
  }
  return *std::move(record);
}

ApiResult put(const ApiServices& services, const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  fields->require("verdict");
  const auto verdict = mark_verdict_of(fields->text("verdict").value_or(""));
  DetectionMark mark;
  mark.note = fields->text("note").value_or("");
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  if (!verdict.has_value()) {
    return refuse_request("'verdict' is right or wrong", "/verdict");
  }
  if (mark.note.size() > DetectionMark::kMostNoteOctets) {
    return refuse_request("the note is too long; write at most 2000 octets", "/note");
  }
  auto record = requested_record(services, request);
  if (!record.has_value()) {
    return std::unexpected{std::move(record).error()};
  }
  mark.verdict = *verdict;
  mark.who = request.actor.name;
  mark.time = now_in_seconds();
  mark.record = *std::move(record);
  if (auto kept = put_mark(*services.database, mark, request.actor); !kept.has_value()) {
    return refuse(kept.error());
  }
  return answer(mark_json(mark));
}

ApiResult remove(const ApiServices& services, const ApiRequest& request) {
  const auto id = policy::Ulid::parse(request.captures.at(0));
  policy::Result<std::optional<DetectionMark>> read{std::nullopt};
  if (id.has_value()) {
    read = read_mark(*services.database, *id);
  }
  if (!read.has_value()) {
    return refuse(read.error());
  }
  const std::optional<DetectionMark>& mark = *read;
  if (!mark.has_value() || !request.principal.may_see(mark->record.organization)) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "detection " + request.captures.at(0) + " has no mark"});
  }
  if (auto gone = remove_mark(*services.database, *mark, request.actor); !gone.has_value()) {
    return refuse(gone.error());
  }
  return answer("{\"mark\":null}");
}

// A record with its mark in place of the closing brace: both are JSON already.
std::string joined(const policy::DetectionRecord& record, const std::string& mark) {
  std::string text = policy::encode_detection(record);
  text.pop_back();
  return text + ",\"mark\":" + mark + "}";
}

ApiResult list_marks(const ApiServices& services, const ApiRequest& request) {
  const auto filter = filter_of(request);
  const auto limit = limit_of(request, kShown);
  if (!filter.has_value() || !limit.has_value()) {
    return std::unexpected{filter.has_value() ? limit.error() : filter.error()};
  }
  const std::string_view given = query_value(request, "before");
  const auto before = policy::Ulid::parse(given);
  if (!given.empty() && !before.has_value()) {
    return refuse_request("'before' must be the id of a detection", "/before");
  }
  std::string list;
  std::string last;
  std::size_t found = 0;
  bool is_more = false;
  const auto visit = [&](const DetectionMark& mark) {
    if (!filter->passes(mark)) {
      return true;
    }
    if (found == *limit) {
      is_more = true;
      return false;
    }
    ++found;
    last = mark.record.id.text();
    list += (list.empty() ? "" : ",") + joined(mark.record, mark_json(mark));
    return true;
  };
  if (auto read = for_each_mark(*services.database, before, visit); !read.has_value()) {
    return refuse(read.error());
  }
  const std::string next = is_more ? '"' + last + '"' : "null";
  return answer("{\"detections\":[" + list + "],\"next\":" + next + '}');
}

class MarkExport final : public BodyStream {
 public:
  MarkExport(const StateReader& reader, MarkFilter filter)
      : reader_(&reader), filter_(std::move(filter)) {}

  Task<std::optional<std::string>> next() override {
    std::string piece;
    while (piece.size() < kEnough && !is_ended_ && !is_cancelled_) {
      add_slice(piece);
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    if (piece.empty() || is_cancelled_) {
      co_return std::nullopt;
    }
    co_return piece;
  }

  void cancel() override { is_cancelled_ = true; }

 private:
  static constexpr std::size_t kEnough = 32'768;

  void add_slice(std::string& piece) {
    std::size_t seen = 0;
    const auto read = for_each_mark(*reader_, last_, [&](const DetectionMark& mark) {
      last_ = mark.record.id;
      piece += filter_.passes(mark) ? evaluation_row(mark) + "\n" : "";
      return ++seen < kMarksAtATime && piece.size() < kEnough;
    });
    // A line that is no row makes sure that nobody takes a part for the whole.
    piece += read.has_value() ? "" : "this is not whole: " + read.error().message + "\n";
    is_ended_ = !read.has_value() || (seen < kMarksAtATime && piece.size() < kEnough);
  }

  const StateReader* reader_;
  MarkFilter filter_;
  std::optional<policy::Ulid> last_;
  bool is_ended_ = false;
  bool is_cancelled_ = false;
};

ApiResult export_marks(const ApiServices& services, const ApiRequest& request) {
  auto filter = filter_of(request);
  if (!filter.has_value()) {
    return std::unexpected{std::move(filter).error()};
  }
  Answer written = answer("");
  written.content_type = "application/jsonl";
  written.headers = {{"Content-Disposition", "attachment; filename=\"fromguard-marks.jsonl\""}};
  written.stream = std::make_shared<MarkExport>(*services.database, *std::move(filter));
  return written;
}

}  // namespace

policy::Result<std::string> marked_json(const StateReader& reader,
                                        const policy::DetectionRecord& record) {
  const auto read = read_mark(reader, record.id);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<DetectionMark>& mark = *read;
  return joined(record, mark.has_value() ? mark_json(*mark) : std::string{"null"});
}

std::vector<Route> mark_routes() {
  return {
      {Access::kRead,
       "GET",
       "detections/marks",
       &list_marks,
       {"verdict", "organization", "limit", "before"}},
      {Access::kRead, "GET", "detections/marks/export", &export_marks, {"verdict", "organization"}},
      {Access::kOperate, "PUT", "detections/{}/mark", &put},
      {Access::kOperate, "DELETE", "detections/{}/mark", &remove}};
}

}  // namespace directory
