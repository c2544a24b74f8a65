// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/messages_json.h"
#include "directory/api/paging.h"
#include "directory/api/pull_request.h"
#include "directory/api/routes.h"
#include "directory/messages/pull_control.h"
#include "directory/messages/pull_record.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kAccepted = 202;
constexpr std::size_t kShown = 100;

ApiResult answer_begun(const policy::Result<BegunPull>& begun) {
  if (!begun.has_value()) {
    return refuse(begun.error());
  }
  json::object object;
  object["number"] = begun->number;
  object["job"] = begun->job;
  return answer(json::serialize(object), kAccepted, "/api/v1/jobs/" + std::to_string(begun->job));
}

template <PullKind kKind>
ApiResult start(const ApiServices& services, const ApiRequest& request) {
  const auto asked = read_pull_request(services, request, kKind == PullKind::kPull);
  if (!asked.has_value()) {
    return std::unexpected{asked.error()};
  }
  return answer_begun(services.pulls->start(asked->key, kKind, asked->request, request.actor));
}

// The search or pull that the path names, if the asker may see it.
std::expected<PullRecord, Problem> requested_pull(const ApiServices& services,
                                                  const ApiRequest& request,
                                                  PullKind kind) {
  const std::string& text = request.captures.at(0);
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool is_number = read.ec == std::errc{} && read.ptr == end;
  auto record = read_pull(*services.database, is_number ? number : 0, kind);
  if (!record.has_value() && record.error().code != policy::ErrorCode::kNotFound) {
    return refuse(record.error());
  }
  if (!record.has_value() || !request.principal.may_see(record->key.organization)) {
    const std::string what = kind == PullKind::kPull ? "pull " : "search ";
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "there is no " + what + text + " (any more)"});
  }
  return *std::move(record);
}

// Where the list of copies goes on: after this mailbox and copy.
std::expected<CopyRecord, Problem> copy_before(const std::string& id) {
  CopyRecord copy;
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos) {
    return refuse_request("'after' must be the 'next' of the page before");
  }
  copy.mailbox.user_id = id.substr(0, slash);
  copy.id = id.substr(slash + 1);
  return copy;
}

ApiResult answer_copies(const ApiServices& services,
                        const ApiRequest& request,
                        const PullRecord& record,
                        std::string_view name) {
  const auto limit = limit_of(request, kShown);
  const auto cursor = cursor_of(request);
  if (!limit.has_value() || !cursor.has_value()) {
    return std::unexpected{limit.has_value() ? cursor.error() : limit.error()};
  }
  std::string after;
  if (const std::optional<ListCursor>& at = *cursor; at.has_value()) {
    const auto before = copy_before(at->id);
    if (!before.has_value()) {
      return std::unexpected{before.error()};
    }
    after = copy_key(record.number, *before);
  }
  json::array copies;
  ListCursor last{.directory = record.key, .id = {}};
  bool is_full = false;
  const auto read = for_each_copy(
      *services.database, record.number, after, [&](const std::string&, const CopyRecord& copy) {
        is_full = copies.size() == *limit;
        if (!is_full) {
          copies.emplace_back(to_json(copy));
          last.id = copy.mailbox.user_id + '/' + copy.id;
        }
        return !is_full;
      });
  if (!read.has_value()) {
    return refuse(read.error());
  }
  json::object object;
  object[name] = to_json(record, services.pulls->job_of(record.number));
  object["copies"] = std::move(copies);
  object["next"] = is_full ? json::value(last.text()) : json::value(nullptr);
  return answer(json::serialize(object));
}

ApiResult show_search(const ApiServices& services, const ApiRequest& request) {
  const auto record = requested_pull(services, request, PullKind::kSearch);
  return record.has_value() ? answer_copies(services, request, *record, "search")
                            : std::unexpected{record.error()};
}

ApiResult show_pull(const ApiServices& services, const ApiRequest& request) {
  const auto record = requested_pull(services, request, PullKind::kPull);
  return record.has_value() ? answer_copies(services, request, *record, "pull")
                            : std::unexpected{record.error()};
}

ApiResult list_pulls(const ApiServices& services, const ApiRequest& request) {
  const auto limit = limit_of(request, kShown);
  const auto before = number_of(request, "before");
  if (!limit.has_value() || !before.has_value()) {
    return std::unexpected{limit.has_value() ? before.error() : limit.error()};
  }
  const std::string_view detection = query_value(request, "detection");
  json::array pulls;
  std::uint64_t last = 0;
  bool is_full = false;
  const auto read = for_each_pull(*services.database, *before, [&](const PullRecord& record) {
    const bool is_wanted = record.kind == PullKind::kPull &&
                           request.principal.may_see(record.key.organization) &&
                           (detection.empty() || detection == record.detection);
    is_full = is_wanted && pulls.size() == *limit;
    if (is_wanted && !is_full) {
      pulls.emplace_back(to_json(record, services.pulls->job_of(record.number)));
      last = record.number;
    }
    return !is_full;
  });
  if (!read.has_value()) {
    return refuse(read.error());
  }
  json::object object;
  object["pulls"] = std::move(pulls);
  object["next"] = is_full ? json::value(last) : json::value(nullptr);
  return answer(json::serialize(object));
}

ApiResult restore_pull(const ApiServices& services, const ApiRequest& request) {
  const auto record = requested_pull(services, request, PullKind::kPull);
  if (!record.has_value()) {
    return std::unexpected{record.error()};
  }
  return answer_begun(services.pulls->start_restore(record->number, request.actor));
}

}  // namespace

std::vector<Route> message_routes() {
  return {begins_job({Access::kOperate, "POST", "messages/searches", &start<PullKind::kSearch>}),
          {Access::kOperate, "GET", "messages/searches/{}", &show_search, {"limit", "after"}},
          begins_job({Access::kOperate, "POST", "messages/pulls", &start<PullKind::kPull>}),
          {Access::kRead, "GET", "messages/pulls", &list_pulls, {"limit", "before", "detection"}},
          {Access::kRead, "GET", "messages/pulls/{}", &show_pull, {"limit", "after"}},
          begins_job({Access::kOperate, "POST", "messages/pulls/{}/restore", &restore_pull})};
}

}  // namespace directory
