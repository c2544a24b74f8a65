// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/faults.h"

#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/message.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

namespace json = boost::json;

Response failure_page(const Fault& fault) {
  Response response{.status = fault.status,
                    .headers = {{"Content-Type", "text/plain"}},
                    .body = "the service is not well\n"};
  if (fault.retry_after.has_value()) {
    response.headers.emplace_back("Retry-After", *fault.retry_after);
  }
  return response;
}

// The same answer with another body, made of its own by `change`; what is no JSON object stays.
template <typename Change>
Response with_body(Response response, const Change& change) {
  boost::system::error_code error;
  json::value body = json::parse(response.body, error);
  if (error || !body.is_object()) {
    return response;
  }
  change(body.as_object());
  response.body = json::serialize(body);
  return response;
}

// The same page, but what comes next is elsewhere.
Response led_astray(Response response, const std::string& link) {
  return with_body(std::move(response), [&](json::object& page) {
    page.erase("@odata.deltaLink");
    page["@odata.nextLink"] = link;
  });
}

Response without_items(Response response) {
  return with_body(std::move(response), [](json::object& page) { page["value"] = json::array{}; });
}

Response said_to_be_text(Response response) {
  for (auto& [name, value] : response.headers) {
    if (lower_case(name) == "content-type") {
      value = "text/plain";
    }
  }
  return response;
}

}  // namespace

std::optional<Fault> Faults::take(std::string_view path, std::string_view cmdlet) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    Fault& fault = faults_[i];
    if (!path.starts_with(fault.path_prefix) || (!fault.cmdlet.empty() && fault.cmdlet != cmdlet)) {
      continue;
    }
    if (fault.skipped > 0) {
      --fault.skipped;
      continue;
    }
    Fault taken = fault;
    if (--fault.remaining == 0) {
      faults_.erase(faults_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return taken;
  }
  return std::nullopt;
}

bool Throttle::refuses(std::string_view path) {
  if (!path.starts_with(settings_.path_prefix)) {
    return false;
  }
  ++seen_;
  if (settings_.next > 0) {
    --settings_.next;
    return true;
  }
  return settings_.every > 0 && seen_ % settings_.every == 0;
}

bool Throttle::refuses_part() {
  if (settings_.next_parts == 0) {
    return false;
  }
  --settings_.next_parts;
  return true;
}

std::optional<FaultKind> fault_named(std::string_view name) {
  constexpr std::array kNames = std::to_array<std::pair<std::string_view, FaultKind>>(
      {{"status", FaultKind::kStatus},
       {"reset_before", FaultKind::kResetBefore},
       {"reset_in_body", FaultKind::kResetInBody},
       {"truncated_json", FaultKind::kTruncatedJson},
       {"slow_body", FaultKind::kSlowBody},
       {"html", FaultKind::kHtml},
       {"foreign_link", FaultKind::kForeignLink},
       {"redirect", FaultKind::kRedirect},
       {"nul_403", FaultKind::kNulBody},
       {"slow", FaultKind::kSlow},
       {"applied_then_error", FaultKind::kAppliedThenError},
       {"refused_concurrency", FaultKind::kRefusedConcurrency},
       {"error_type", FaultKind::kErrorType},
       {"error_body", FaultKind::kErrorBody},
       {"wrong_type", FaultKind::kWrongType},
       {"link_loop", FaultKind::kLinkLoop},
       {"no_items", FaultKind::kNoItems}});
  for (const auto& [known, kind] : kNames) {
    if (known == name) {
      return kind;
    }
  }
  return std::nullopt;
}

unsigned usual_status(FaultKind kind) {
  switch (kind) {
    case FaultKind::kRefusedConcurrency: return 429;
    case FaultKind::kErrorType: return 400;
    case FaultKind::kAppliedThenError: return 504;
    default: return 503;
  }
}

bool is_instead_of_answer(FaultKind kind) {
  switch (kind) {
    case FaultKind::kStatus:
    case FaultKind::kResetBefore:
    case FaultKind::kHtml:
    case FaultKind::kRedirect:
    case FaultKind::kNulBody:
    case FaultKind::kRefusedConcurrency:
    case FaultKind::kErrorType: return true;
    default: return false;
  }
}

Response spoilt(Response response, const Fault& fault, const FaultLinks& links) {
  const std::string& host = fault.host.empty() ? links.other_host : fault.host;
  switch (fault.kind) {
    case FaultKind::kStatus: return failure_page(fault);
    case FaultKind::kResetBefore: response.delivery = Delivery::kResetBefore; break;
    case FaultKind::kResetInBody: response.delivery = Delivery::kResetInBody; break;
    case FaultKind::kTruncatedJson: response.body.resize(response.body.size() / 2); break;
    case FaultKind::kSlowBody:
      response.delivery = Delivery::kSlow;
      response.pause = fault.pause;
      break;
    case FaultKind::kHtml:
      return {.status = 200,
              .headers = {{"Content-Type", "text/html"}},
              .body = "<html><body><h1>We will be back soon</h1></body></html>\n"};
    case FaultKind::kForeignLink:
      return led_astray(std::move(response), host + "/v1.0/users/delta?$skiptoken=elsewhere");
    case FaultKind::kRedirect:
      return {.status = 302, .headers = {{"Location", host + "/v1.0/users/delta"}}, .body = {}};
    case FaultKind::kNulBody:
      return {.status = 403,
              .headers = {{"Content-Type", "application/json"}},
              .body = std::string(1, '\0')};
    case FaultKind::kSlow:
      response.delivery = Delivery::kLate;
      response.pause = fault.pause;
      break;
    case FaultKind::kAppliedThenError:
      if (!fault.resets) {
        return failure_page(fault);
      }
      response.delivery = Delivery::kResetBefore;
      break;
    case FaultKind::kRefusedConcurrency: return too_many_requests(fault.status);
    case FaultKind::kErrorType: {
      ExchangeError error = parse_exchange_error(fault.error);
      error.status = fault.status;
      return exchange_failure(error);
    }
    case FaultKind::kErrorBody:
      return {.status = 200,
              .headers = {{"Content-Type", "application/json"}},
              .body = R"({"error": {"code": "serviceNotAvailable", "message": "not now"}})"};
    case FaultKind::kWrongType: return said_to_be_text(std::move(response));
    case FaultKind::kLinkLoop: return led_astray(std::move(response), links.itself);
    case FaultKind::kNoItems: return without_items(std::move(response));
  }
  return response;
}

}  // namespace tests::microsoft
