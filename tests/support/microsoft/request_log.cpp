// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/request_log.h"

#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tests::microsoft {
namespace {

constexpr std::size_t kKept = 100;

constexpr std::array kWords = std::to_array<std::string_view>({"v1.0",
                                                               "users",
                                                               "groups",
                                                               "delta",
                                                               "members",
                                                               "transitiveMembers",
                                                               "microsoft.graph.user",
                                                               "domains",
                                                               "serviceConfigurationRecords",
                                                               "verificationDnsRecords",
                                                               "authentication",
                                                               "methods",
                                                               "calendar",
                                                               "calendarPermissions",
                                                               "mailFolders",
                                                               "messages",
                                                               "move",
                                                               "recoverableitemsdeletions",
                                                               "inbox",
                                                               "messageRules",
                                                               "mailboxSettings",
                                                               "userPurpose",
                                                               "applications",
                                                               "oauth2PermissionGrants",
                                                               "organization",
                                                               "servicePrincipals",
                                                               "appRoleAssignments",
                                                               "$batch",
                                                               "oauth2",
                                                               "v2.0",
                                                               "token",
                                                               "adminconsent",
                                                               "adminapi",
                                                               "beta",
                                                               "InvokeCommand",
                                                               "EXOModuleFile"});

}  // namespace

std::string word_of(Service service) {
  switch (service) {
    case Service::kLogin: return "login";
    case Service::kGraph: return "graph";
    case Service::kExchange: return "exchange";
  }
  return {};
}

std::string endpoint_of(Service service, std::string_view path) {
  const auto segments = path_segments(path);
  const bool is_known = service != Service::kExchange || path.starts_with("/adminapi/");
  if (!segments.has_value() || !is_known) {
    return std::string{path};
  }
  std::string endpoint;
  for (const std::string& segment : *segments) {
    const bool is_word = std::ranges::find(kWords, segment) != kWords.end();
    endpoint += '/';
    endpoint += is_word ? segment : "{}";
  }
  return endpoint;
}

void RequestLog::add(const Request& request, unsigned status, const std::string& cmdlet) {
  const std::string service = word_of(request.service);
  const std::string endpoint = endpoint_of(request.service, request.path);
  ++counts_[service + ' ' + request.method + ' ' + endpoint + (cmdlet.empty() ? "" : ' ' + cmdlet)];
  ++statuses_[status];
  last_.push_back(
      {.service = service,
       .method = request.method,
       .target = request.query.empty() ? request.path : request.path + '?' + request.query,
       .status = status,
       .cmdlet = cmdlet,
       .is_authorized = find_field(request.headers, "Authorization").has_value()});
  if (last_.size() > kKept) {
    last_.pop_front();
  }
}

void RequestLog::clear() {
  counts_.clear();
  statuses_.clear();
  last_.clear();
}

}  // namespace tests::microsoft
