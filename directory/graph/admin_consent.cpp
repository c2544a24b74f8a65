// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/admin_consent.h"

#include "directory/graph/application.h"
#include "directory/graph/token_answer.h"
#include "directory/http/url.h"
#include "policy/result.h"

#include <expected>
#include <string>
#include <string_view>

namespace directory {

std::string admin_consent_url(const Application& application,
                              std::string_view redirect_uri,
                              std::string_view state) {
  std::string url = application.cloud.login + '/' + percent_encoded(application.tenant) +
                    "/adminconsent?client_id=" + percent_encoded(application.client_id);
  if (!state.empty()) {
    url += "&state=" + percent_encoded(state);
  }
  if (!redirect_uri.empty()) {
    url += "&redirect_uri=" + percent_encoded(redirect_uri);
  }
  return url;
}

policy::Result<ConsentAnswer> parse_consent_redirect(std::string_view query) {
  const auto parameters = parse_query(query);
  if (!parameters.has_value()) {
    return std::unexpected{parameters.error()};
  }
  ConsentAnswer answer;
  answer.state = find_parameter(*parameters, "state").value_or("");
  answer.tenant = find_parameter(*parameters, "tenant").value_or("");
  // A refusal may carry admin_consent=True as well.
  if (const auto error = find_parameter(*parameters, "error")) {
    const auto description = find_parameter(*parameters, "error_description").value_or("");
    answer.refusal = first_sentence(*error) + ": " + first_sentence(description);
  } else {
    const auto consent = find_parameter(*parameters, "admin_consent").value_or("");
    answer.is_granted = consent == "True" || consent == "true";
  }
  if (answer.state.empty() || (!answer.is_granted && answer.refusal.empty())) {
    return policy::fail(policy::ErrorCode::kInvalidInput,
                        "this is no answer of a consent page; begin anew with: "
                        "fromguard-directory directories authorize NAME");
  }
  return answer;
}

}  // namespace directory
