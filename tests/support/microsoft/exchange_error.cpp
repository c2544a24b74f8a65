// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_error.h"

#include "tests/support/microsoft/message.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tests::microsoft {
namespace {

namespace json = boost::json;

constexpr std::string_view kInvalid = "Invalid Operation";
constexpr std::string_view kFailed = "Error executing cmdlet";

ExchangeError refusal(std::string_view message, std::string_view type, std::string text) {
  return {.status = 400,
          .code = "BadRequest",
          .message = std::string{message},
          .number = {},
          .type = std::string{type},
          .text = std::move(text)};
}

}  // namespace

ExchangeError binding_error(std::string text) {
  return refusal(
      kInvalid, "System.Management.Automation.ParameterBindingException", std::move(text));
}

ExchangeError transformation_error(std::string_view parameter, std::string_view text) {
  return refusal(
      kInvalid,
      "Microsoft.Exchange.Management.RestApiClient.ParameterTransformationException",
      fmt::format("Cannot process argument transformation on parameter '{}'. {}", parameter, text));
}

ExchangeError validation_error(std::string text) {
  ExchangeError error =
      refusal(kFailed, "Microsoft.Exchange.Data.DataValidationException", std::move(text));
  error.number = "Ex2F61C7";
  return error;
}

ExchangeError already_exists(std::string_view name) {
  return refusal(kFailed,
                 "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
                 fmt::format("The proposed name '{}' is already in use.", name));
}

ExchangeError object_not_found(std::string_view identity) {
  ExchangeError error =
      refusal(kFailed,
              "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
              fmt::format("No object '{}' was found on 'exchange.example', so nothing was done.",
                          identity));
  error.status = 404;
  error.code = "NotFound";
  error.number = "Ex6F9304";
  return error;
}

ExchangeError unconfirmed(std::string_view cmdlet) {
  ExchangeError error = refusal(kFailed,
                                "System.Management.Automation.PSInvalidOperationException",
                                fmt::format("{} cannot ask for confirmation here.", cmdlet));
  error.number = "ExE1A7D4";
  return error;
}

ExchangeError parse_exchange_error(std::string_view text) {
  const auto next = [&text] {
    const std::size_t bar = std::min(text.find('|'), text.size());
    std::string piece{text.substr(0, bar)};
    text.remove_prefix(std::min(text.size(), bar + 1));
    return piece;
  };
  std::string number = next();
  const std::string type = next();
  ExchangeError error = refusal(kFailed, type, std::string{text});
  error.number = std::move(number);
  return error;
}

Response exchange_failure(const ExchangeError& error) {
  json::object detail;
  detail["code"] = "Client";
  detail["target"] = "";
  detail["message"] = fmt::format("{}|{}|{}", error.number, error.type, error.text);
  json::object inside;
  inside["message"] = error.text;
  inside["type"] = error.type;
  inside["stacktrace"] = "";
  json::object inner;
  inner["message"] = error.message;
  inner["type"] = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException";
  inner["stacktrace"] = "";
  inner["internalexception"] = std::move(inside);
  json::object told;
  told["code"] = error.code;
  told["message"] = error.message;
  json::array details;
  details.push_back(std::move(detail));
  told["details"] = std::move(details);
  told["innererror"] = std::move(inner);
  json::object body;
  body["error"] = std::move(told);
  body["adminapi.warnings@odata.type"] = "#Collection(String)";
  body["@adminapi.warnings"] = json::array();
  return {.status = error.status,
          .headers = {{"Content-Type", "application/json;odata.metadata=minimal;charset=utf-8"}},
          .body = json::serialize(body)};
}

Response too_many_requests(unsigned status) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain"}},
          .body =
              "You have reached the maximum number of concurrent requests per tenant. Please "
              "wait and try again"};
}

}  // namespace tests::microsoft
