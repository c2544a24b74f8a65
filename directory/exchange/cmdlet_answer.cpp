// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/cmdlet_answer.h"

#include "directory/exchange/cmdlet.h"
#include "directory/graph/backoff.h"
#include "directory/http/client.h"
#include "policy/ascii.h"
#include "policy/name/visible_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using Kind = CmdletFailureKind;

constexpr std::size_t kLongestText = 500;

// What an error says, empty members where it does not.
struct ServiceError {
  std::string type;  // of the exception, without its namespace
  std::string text;
};

// The member of this name in whatever case: `internalexception` is seen in two.
const json::value* find(const json::object& object, std::string_view name) {
  const auto is_same = [](char left, char right) {
    return policy::ascii_lower(left) == policy::ascii_lower(right);
  };
  for (const auto& [key, value] : object) {
    if (std::ranges::equal(std::string_view{key}, name, is_same)) {
      return &value;
    }
  }
  return nullptr;
}

const json::object* object_in(const json::object* object, std::string_view name) {
  const json::value* found = object == nullptr ? nullptr : find(*object, name);
  return found == nullptr ? nullptr : found->if_object();
}

std::string text_in(const json::object* object, std::string_view name) {
  const json::value* found = object == nullptr ? nullptr : find(*object, name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

const json::object* first_detail(const json::object* error) {
  const json::value* details = error == nullptr ? nullptr : find(*error, "details");
  const json::array* list = details == nullptr ? nullptr : details->if_array();
  return list == nullptr || list->empty() ? nullptr : list->front().if_object();
}

std::string without_namespace(std::string_view type) {
  const std::size_t dot = type.rfind('.');
  return std::string{dot == std::string_view::npos ? type : type.substr(dot + 1)};
}

// What fits, without half a character at its end.
std::string_view cut(std::string_view text) {
  std::size_t end = std::min(text.size(), kLongestText);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

// One line of bearable length, without what terminals and logs would take for more.
std::string shown(std::string_view text) {
  std::string line;
  for (const char c : cut(text)) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
    line.push_back(is_control ? ' ' : c);
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '.')) {
    line.pop_back();
  }
  return policy::visible_text(line);
}

// The message of a detail is `Ex6F9304|Type|Text`, `|Type|Text` or a text.
ServiceError read_detail(std::string_view message) {
  const std::size_t first = message.find('|');
  const std::size_t second = first == std::string_view::npos ? first : message.find('|', first + 1);
  if (second == std::string_view::npos) {
    return {.type = {}, .text = shown(message)};
  }
  return {.type = shown(without_namespace(message.substr(first + 1, second - first - 1))),
          .text = shown(message.substr(second + 1))};
}

ServiceError read_error(std::string_view body) {
  boost::system::error_code failed;
  const json::value value = json::parse(body, failed);
  if (failed) {
    return {.type = {}, .text = shown(body)};
  }
  const json::object* error = object_in(value.if_object(), "error");
  ServiceError read = read_detail(text_in(first_detail(error), "message"));
  const json::object* internal = object_in(object_in(error, "innererror"), "internalexception");
  const std::string inner = text_in(internal, "message");
  if (read.type.empty()) {
    read.type = shown(without_namespace(text_in(internal, "type")));
  }
  if (!inner.empty()) {
    read.text = shown(inner);
  }
  if (read.text.empty()) {
    read.text = shown(text_in(error, "message"));
  }
  return read;
}

bool is_refused_for_load(unsigned status, std::string_view text) {
  return status == 429 || text.find("maximum number of concurrent") != std::string_view::npos;
}

Kind kind_of_type(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, Kind>, 6> kKinds{
      {{"ManagementObjectNotFoundException", Kind::kNotFound},
       {"ADObjectAlreadyExistsException", Kind::kExists},
       {"ParameterBindingException", Kind::kParameter},
       {"AmbiguousParameterSetException", Kind::kParameter},
       {"ParameterTransformationException", Kind::kParameter},
       {"ADServerSettingsChangedException", Kind::kUnavailable}}};
  for (const auto& [name, kind] : kKinds) {
    if (type == name) {
      return kind;
    }
  }
  return Kind::kRefused;
}

Kind kind_of(unsigned status, const ServiceError& error) {
  if (is_refused_for_load(status, error.text)) {
    return Kind::kBusy;
  }
  switch (status) {
    case 401: return Kind::kCredential;
    case 403: return Kind::kPermission;
    default: break;
  }
  const Kind kind = kind_of_type(error.type);
  const bool is_servers = status >= 500 || status == 408;
  return kind == Kind::kRefused && is_servers ? Kind::kUnavailable : kind;
}

std::string advice_for(Kind kind) {
  switch (kind) {
    case Kind::kCredential:
      return "; grant the application Exchange.ManageAsApp (Office 365 Exchange Online), then "
             "authorize the directory again; a new grant takes some minutes";
    case Kind::kPermission:
      return "; give the application's service principal the role Exchange Administrator, or a "
             "role group with 'Remote and Accepted Domains', 'Transport Rules' and 'View-Only "
             "Configuration'; a new role takes some minutes";
    case Kind::kParameter:
      return "; a role of the application may hide the parameter: see 'fromguard-directory "
             "connectors preflight'";
    case Kind::kUnavailable:
    case Kind::kBusy: return "; it may work later";
    default: return {};
  }
}

// An error of a new tenant that only Microsoft can lift is told in Exchange's own words.
CmdletFailure describe(const HttpResponse& response, const Cmdlet& cmdlet) {
  // A refusal may be a body of NUL octets.
  const ServiceError error = read_error(response.body);
  const Kind kind = kind_of(response.status, error);
  std::string message = fmt::format("Exchange answers {} with {}", cmdlet.name, response.status);
  if (!error.text.empty()) {
    message += fmt::format(" ({}{}{})", error.type, error.type.empty() ? "" : ": ", error.text);
  }
  return {.kind = kind, .message = message + advice_for(kind)};
}

json::object without_annotations(const json::object& object) {
  json::object plain;
  for (const auto& [key, value] : object) {
    if (key.find('@') == json::string_view::npos) {
      plain.emplace(key, value);
    }
  }
  return plain;
}

CmdletFailure no_json(const Cmdlet& cmdlet, unsigned status) {
  return {.kind = Kind::kUnavailable,
          .message = fmt::format("Exchange answers {} with {} and something that is no list of "
                                 "objects; it may work later",
                                 cmdlet.name,
                                 status)};
}

JudgedCmdlet read_answer(const HttpResponse& response, const Cmdlet& cmdlet) {
  JudgedCmdlet judged;
  judged.status = response.status;
  if (response.body.empty() && !is_read(cmdlet)) {
    return judged;
  }
  boost::system::error_code failed;
  const json::value value = json::parse(response.body, failed);
  const json::object* root = failed ? nullptr : value.if_object();
  const json::value* list = root == nullptr ? nullptr : root->if_contains("value");
  const json::array* objects = list == nullptr ? nullptr : list->if_array();
  if (objects == nullptr) {
    judged.result = std::unexpected{no_json(cmdlet, response.status)};
    return judged;
  }
  judged.next_link = text_in(root, "@odata.nextLink");
  std::vector<json::object> plain;
  for (const json::value& each : *objects) {
    if (const json::object* object = each.if_object(); object != nullptr) {
      plain.push_back(without_annotations(*object));
    }
  }
  judged.result = std::move(plain);
  return judged;
}

}  // namespace

JudgedCmdlet judge_cmdlet(const HttpResponse& response, const Cmdlet& cmdlet) {
  if (response.status >= 200 && response.status < 300) {
    return read_answer(response, cmdlet);
  }
  JudgedCmdlet judged;
  judged.status = response.status;
  judged.result = std::unexpected{describe(response, cmdlet)};
  judged.asked_for = retry_after(response.headers);
  return judged;
}

}  // namespace directory
