// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/domain_json.h"
#include "directory/api/requested_domain.h"
#include "directory/api/routes.h"
#include "directory/clock.h"
#include "directory/dns/spf_words.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/store/mx_sightings.h"
#include "directory/task.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

json::object to_json(const SpfCheck& check) {
  return {{"network", check.network->network},
          {"term", check.network->term},
          {"whole", check.network->is_whole},
          {"address", check.address},
          {"result", word_of(check.answer.result)},
          {"explanation", policy::visible_text(check.answer.explanation)}};
}

json::array to_json(const std::vector<SpfCheck>& checks) {
  json::array array;
  for (const SpfCheck& check : checks) {
    array.emplace_back(to_json(check));
  }
  return array;
}

// Looks at MX and SPF now. Where DNS does not tell, the answer has what was seen last, and says
// why.
Task<ApiResult> check_domain(ApiServices services, ApiRequest request) {
  const auto domain = requested_domain(services, request);
  if (!domain.has_value()) {
    co_return std::unexpected{domain.error()};
  }
  const std::int64_t now = now_in_seconds();
  const policy::Result<MxSighting> looked =
      co_await services.domain_watch->look(domain->domain, now);
  const policy::Result<MxSighting> known = services.domain_watch->stand_of(domain->domain);
  if (!known.has_value()) {
    co_return refuse(known.error());
  }
  const std::vector<SpfCheck> checks = co_await services.domain_watch->check_spf(domain->domain);
  json::object object;
  object["domain"] = domain->domain;
  object["mx"] = mx_to_json(*known);
  object["failure"] = looked.has_value() ? std::string{} : looked.error().message;
  object["spf"] = to_json(checks);
  co_return answer(json::serialize(object));
}

}  // namespace

std::vector<Route> domain_check_routes() {
  return {{Access::kOperate, "POST", "domains/{}/check", &check_domain}};
}

}  // namespace directory
