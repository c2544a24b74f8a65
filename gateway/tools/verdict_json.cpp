// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/verdict_json.h"

#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "gateway/tools/judged_message.h"
#include "policy/base64.h"
#include "policy/mail_address.h"
#include "policy/name/match.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/explanation.h"
#include "policy/verdict/finding.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

namespace json = boost::json;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

json::object noted_object(const policy::Finding& finding) {
  json::object noted;
  noted["finding"] = word(finding.kind);
  noted["match"] = nullptr;
  if (finding.match.has_value()) {
    noted["match"] = word(*finding.match);
  }
  noted["reason"] = finding.reason;
  return noted;
}

json::object shadow_object(const ShadowDifference& difference) {
  json::object object;
  object["reason"] = difference.finding.reason;
  const auto add = [&](const char* action_key,
                       const char* rule_key,
                       const std::optional<policy::Decision>& decision) {
    object[action_key] = nullptr;
    object[rule_key] = nullptr;
    if (decision.has_value()) {
      object[action_key] = word(decision->action);
    }
    if (decision.has_value() && !decision->rule.empty()) {
      object[rule_key] = decision->rule;
    }
  };
  add("action", "rule", difference.decision);
  add("shadow_action", "shadow_rule", difference.shadow);
  return object;
}

void add_finding(json::object& answer, const JudgedFinding* judged) {
  answer["finding"] = nullptr;
  for (const char* key :
       {"match", "field", "person", "address", "reason", "disposition", "action", "rule"}) {
    answer[key] = nullptr;
  }
  if (judged == nullptr) {
    return;
  }
  const policy::Finding& finding = judged->finding;
  answer["finding"] = word(finding.kind);
  if (finding.match.has_value()) {
    answer["match"] = word(*finding.match);
  }
  answer["field"] = word(finding.field);
  answer["person"] = policy::visible_text(finding.person);
  answer["address"] = finding.address;
  answer["reason"] = finding.reason;
  answer["disposition"] = word(judged->decision.disposition);
  answer["action"] = word(judged->decision.action);
  if (!judged->decision.rule.empty()) {
    answer["rule"] = judged->decision.rule;
  }
  answer["organization"] = finding.organization_name;
}

void add_verdict(json::object& answer, const Verdict& verdict) {
  add_finding(answer, verdict.deciding());
  if (!verdict.noted.empty()) {
    json::array& noted = answer["noted"].emplace_array();
    for (const policy::Finding& finding : verdict.noted) {
      noted.push_back(noted_object(finding));
    }
  }
  if (!verdict.exceptions.empty()) {
    json::array& exceptions = answer["exceptions"].emplace_array();
    for (const std::string& exception : verdict.exceptions) {
      exceptions.emplace_back(exception);
    }
  }
  if (!verdict.shadow_differences.empty()) {
    json::array& differences = answer["shadow"].emplace_array();
    for (const ShadowDifference& difference : verdict.shadow_differences) {
      differences.push_back(shadow_object(difference));
    }
  }
  if (verdict.kind == Verdict::Kind::kSkipped) {
    answer["skipped"] = true;
  }
  if (verdict.degradation.has_value()) {
    answer["degraded"] = word(*verdict.degradation);
    answer["action"] = word(verdict.action());
  }
  answer["look_ups"] = verdict.look_ups;
  answer["generation"] = verdict.generation;
  answer["policy"] = verdict.policy_digest;
}

Result<std::string> text_of(const json::value& value, std::string_view key) {
  const json::string* text = value.if_string();
  if (text == nullptr) {
    return fail(ErrorCode::kInvalidInput, "'" + std::string{key} + "' must be a text");
  }
  return std::string{text->data(), text->size()};
}

Result<std::vector<std::string>> texts_of(const json::value& value, std::string_view key) {
  const json::array* members = value.if_array();
  if (members == nullptr) {
    return fail(ErrorCode::kInvalidInput, "'" + std::string{key} + "' must be a list of texts");
  }
  std::vector<std::string> texts;
  for (const json::value& member : *members) {
    auto text = text_of(member, key);
    if (!text.has_value()) {
      return fail(ErrorCode::kInvalidInput, "'" + std::string{key} + "' must be a list of texts");
    }
    texts.push_back(*std::move(text));
  }
  return texts;
}

Result<policy::AuthenticationResults::Dmarc> dmarc_of(std::string_view text) {
  using Dmarc = policy::AuthenticationResults::Dmarc;
  if (text == "pass") {
    return Dmarc::kPass;
  }
  if (text == "fail") {
    return Dmarc::kFail;
  }
  if (text == "none") {
    return Dmarc::kNone;
  }
  return fail(ErrorCode::kInvalidInput, "'auth.dmarc' must be pass, fail or none");
}

Result<ToldAuthentication> authentication_of(const json::value& value) {
  const json::object* members = value.if_object();
  if (members == nullptr) {
    return fail(ErrorCode::kInvalidInput, "'auth' must be an object");
  }
  ToldAuthentication told;
  if (const json::value* dmarc = members->if_contains("dmarc"); dmarc != nullptr) {
    const auto text = text_of(*dmarc, "auth.dmarc");
    const auto result = dmarc_of(text.value_or(""));
    if (!result.has_value()) {
      return std::unexpected{result.error()};
    }
    told.dmarc = *result;
  }
  if (const json::value* spf = members->if_contains("spf"); spf != nullptr) {
    const auto text = text_of(*spf, "auth.spf");
    if (!text.has_value()) {
      return std::unexpected{text.error()};
    }
    told.spf_passed = *text == "pass";
  }
  if (const json::value* dkim = members->if_contains("dkim"); dkim != nullptr) {
    const auto domains = texts_of(*dkim, "auth.dkim");
    if (!domains.has_value()) {
      return std::unexpected{domains.error()};
    }
    for (const std::string& domain : *domains) {
      told.dkim_domains.push_back(policy::canonical_domain(domain));
    }
  }
  return told;
}

template <typename T, typename Target>
Result<void> assign(Target& target, Result<T> value) {
  if (!value.has_value()) {
    return std::unexpected{std::move(value.error())};
  }
  target = *std::move(value);
  return {};
}

Result<void> read_header(const json::object& request, ToldMessage& message) {
  if (const json::value* encoded = request.if_contains("header_b64"); encoded != nullptr) {
    auto text = text_of(*encoded, "header_b64");
    return assign(message.header,
                  text.has_value() ? policy::decode_base64(*text) : std::move(text));
  }
  if (const json::value* header = request.if_contains("header"); header != nullptr) {
    return assign(message.header, text_of(*header, "header"));
  }
  return fail(ErrorCode::kInvalidInput, "'header' or 'header_b64' is missing");
}

Result<ToldMessage> read_request(const json::object& request) {
  ToldMessage message;
  Result<void> done = read_header(request, message);
  const auto read = [&](const char* key, auto&& take) {
    const json::value* value = request.if_contains(key);
    if (done.has_value() && value != nullptr && !value->is_null()) {
      done = take(*value);
    }
  };
  read("rcpt", [&](const json::value& value) {
    return assign(message.recipients, texts_of(value, "rcpt"));
  });
  read("mail_from", [&](const json::value& value) {
    return assign(message.mail_from, text_of(value, "mail_from"));
  });
  read("client_ip", [&](const json::value& value) {
    return assign(message.client_ip, text_of(value, "client_ip"));
  });
  read("auth", [&](const json::value& value) {
    return assign(message.authentication, authentication_of(value));
  });
  if (!done.has_value()) {
    return std::unexpected{std::move(done.error())};
  }
  return message;
}

}  // namespace

std::string verdict_as_json(const Verdict& verdict) {
  json::object answer;
  add_verdict(answer, verdict);
  return json::serialize(answer);
}

std::string answer_json_line(std::string_view line,
                             const InForce& in_force,
                             const SessionSettings& settings,
                             bool& failed) {
  json::object answer;
  const auto fail_with = [&](std::string_view error) {
    failed = true;
    answer["error"] = error;
    return json::serialize(answer);
  };
  boost::system::error_code error;
  const json::value request = json::parse({line.data(), line.size()}, error);
  answer["id"] = nullptr;
  if (error || !request.is_object()) {
    return fail_with("this line is no JSON object");
  }
  if (const json::value* id = request.get_object().if_contains("id"); id != nullptr) {
    answer["id"] = *id;
  }
  const auto message = read_request(request.get_object());
  if (!message.has_value()) {
    return fail_with(message.error().message);
  }
  add_verdict(answer, judge_told_message(*message, in_force, settings, nullptr).verdict);
  return json::serialize(answer);
}

std::string explain_as_json(const JudgedMessage& judged, const policy::Explanation& explanation) {
  json::object answer;
  add_verdict(answer, judged.verdict);
  json::array& fields = answer["from"].emplace_array();
  for (const std::string& field : judged.from_octets) {
    fields.emplace_back(policy::visible_text(field));
  }
  json::array& steps = answer["steps"].emplace_array();
  for (const policy::ExplanationStep& step : explanation.steps()) {
    steps.emplace_back(json::object{{"step", step.name}, {"text", step.text}});
  }
  return json::serialize(answer);
}

}  // namespace gateway
