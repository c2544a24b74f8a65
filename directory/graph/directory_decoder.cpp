// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/directory_decoder.h"

#include "directory/graph/directory_queries.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::string_view kTypePrefix = "microsoft.graph.";

// Reads properties of one object. The first of a wrong type makes the whole answer a failure.
class Properties {
 public:
  Properties(const json::value& value, std::string& problem)
      : object_(value.if_object()), problem_(&problem) {
    if (object_ == nullptr) {
      note("there is something else where an object belongs");
    }
  }

  [[nodiscard]] bool has(std::string_view name) const {
    const json::value* found = find(name);
    return found != nullptr && !found->is_null();
  }

  [[nodiscard]] Changed<std::string> text(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr) {
      return std::nullopt;
    }
    if (found->is_null()) {
      return std::string{};
    }
    if (!found->is_string()) {
      note("`" + std::string{name} + "` is no text");
      return std::nullopt;
    }
    return std::string{found->get_string()};
  }

  // Null is read as not mentioned: whether somebody is enabled cannot be cleared.
  [[nodiscard]] Changed<bool> flag(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr || found->is_null()) {
      return std::nullopt;
    }
    if (!found->is_bool()) {
      note("`" + std::string{name} + "` is neither true nor false");
      return std::nullopt;
    }
    return found->get_bool();
  }

  [[nodiscard]] Changed<std::vector<std::string>> texts(std::string_view name) {
    if (find(name) == nullptr) {
      return std::nullopt;
    }
    std::vector<std::string> read;
    for (const json::value& item : list(name)) {
      if (!item.is_string()) {
        note("`" + std::string{name} + "` holds something that is no text");
        return std::nullopt;
      }
      read.emplace_back(item.get_string());
    }
    return read;
  }

  // The items of a list; none if it is not mentioned or null.
  [[nodiscard]] const json::array& list(std::string_view name) {
    static const json::array none;
    const json::value* found = find(name);
    if (found == nullptr || found->is_null()) {
      return none;
    }
    if (!found->is_array()) {
      note("`" + std::string{name} + "` is no list");
      return none;
    }
    return found->get_array();
  }

  // A text without which the object is of no use.
  [[nodiscard]] std::string needed_text(std::string_view name) {
    std::string read = text(name).value_or("");
    if (read.empty()) {
      note("`" + std::string{name} + "` is missing");
    }
    return read;
  }

  // `@odata.type` without its prefix: `user`.
  [[nodiscard]] std::string type() {
    std::string read = text("@odata.type").value_or("");
    if (read.starts_with('#')) {
      read.erase(0, 1);
    }
    return read.starts_with(kTypePrefix) ? read.substr(kTypePrefix.size()) : read;
  }

  [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t otherwise) const {
    const json::value* found = find(name);
    return found != nullptr && found->is_int64() ? found->get_int64() : otherwise;
  }

 private:
  [[nodiscard]] const json::value* find(std::string_view name) const {
    return object_ == nullptr ? nullptr : object_->if_contains(name);
  }

  void note(std::string problem) {
    if (problem_->empty()) {
      *problem_ = std::move(problem);
    }
  }

  const json::object* object_;
  std::string* problem_;
};

// Reads a whole body with a function that takes its root.
template <typename Read>
auto read_body(std::string_view body, Read read)
    -> Result<decltype(read(std::declval<Properties&>(), std::declval<std::string&>()))> {
  json::monotonic_resource memory;
  boost::system::error_code error;
  const json::value root = json::parse(body, error, &memory);
  if (error) {
    return fail(ErrorCode::kInvalidInput, "it is no JSON");
  }
  std::string problem;
  Properties properties{root, problem};
  auto result = read(properties, problem);
  if (!problem.empty()) {
    return fail(ErrorCode::kInvalidInput, std::move(problem));
  }
  return result;
}

// Reads the items of a page; `read` gives one, or nothing for one to be left out.
template <typename Item, typename Read>
std::vector<Item> read_items(Properties& root, std::string& problem, Read read) {
  std::vector<Item> items;
  const json::array& list = root.list("value");
  items.reserve(list.size());
  for (const json::value& value : list) {
    Properties properties{value, problem};
    if (std::optional<Item> item = read(properties, problem)) {
      items.push_back(*std::move(item));
    }
  }
  return items;
}

template <typename Item, typename Read>
Result<DeltaPage<Item>> read_page(std::string_view body, Read read) {
  return read_body(body, [&](Properties& root, std::string& problem) {
    if (!root.has("value")) {
      problem = "`value` is missing";
    }
    return DeltaPage<Item>{.changes = read_items<Item>(root, problem, read),
                           .next_link = root.text("@odata.nextLink").value_or(""),
                           .delta_link = root.text("@odata.deltaLink").value_or("")};
  });
}

UserChange read_user(Properties& properties) {
  return {.id = properties.needed_text("id"),
          .is_removed = properties.has("@removed"),
          .display_name = properties.text("displayName"),
          .given_name = properties.text("givenName"),
          .surname = properties.text("surname"),
          .mail = properties.text("mail"),
          .user_principal_name = properties.text("userPrincipalName"),
          .user_type = properties.text("userType"),
          .is_enabled = properties.flag("accountEnabled"),
          .proxy_addresses = properties.texts("proxyAddresses"),
          .other_mails = properties.texts("otherMails")};
}

MemberKind kind_of(const std::string& type) {
  if (type == "user") {
    return MemberKind::kUser;
  }
  return type == "group" ? MemberKind::kGroup : MemberKind::kOther;
}

GroupChange read_group(Properties& properties, std::string& problem) {
  GroupChange group{.id = properties.needed_text("id"),
                    .is_removed = properties.has("@removed"),
                    .display_name = properties.text("displayName"),
                    .mail = properties.text("mail"),
                    .proxy_addresses = properties.texts("proxyAddresses"),
                    .members = {}};
  for (const json::value& item : properties.list("members@delta")) {
    Properties member{item, problem};
    group.members.push_back({.id = member.needed_text("id"),
                             .kind = kind_of(member.type()),
                             .is_removed = member.has("@removed")});
  }
  return group;
}

TenantDomain read_domain(Properties& properties) {
  return {.name = properties.needed_text("id"),
          .is_verified = properties.flag("isVerified").value_or(false),
          .is_default = properties.flag("isDefault").value_or(false),
          .is_initial = properties.flag("isInitial").value_or(false),
          .authentication_type = properties.text("authenticationType").value_or(""),
          .supported_services =
              properties.texts("supportedServices").value_or(std::vector<std::string>{}),
          .mail_exchange = {}};
}

// Lists of mixed members mark each with its type; where that is missing, a user is known by its
// principal name.
bool is_user(Properties& member) {
  const std::string type = member.type();
  return type == "user" || (type.empty() && member.has("userPrincipalName"));
}

}  // namespace

Result<DeltaPage<UserChange>> decode_users(std::string_view body) {
  return read_page<UserChange>(body, [](Properties& item, std::string& /*problem*/) {
    return std::optional{read_user(item)};
  });
}

Result<DeltaPage<UserChange>> decode_member_users(std::string_view body) {
  return read_page<UserChange>(body, [](Properties& item, std::string& /*problem*/) {
    return is_user(item) ? std::optional{read_user(item)} : std::nullopt;
  });
}

Result<DeltaPage<GroupChange>> decode_groups(std::string_view body) {
  return read_page<GroupChange>(body, [](Properties& item, std::string& problem) {
    return std::optional{read_group(item, problem)};
  });
}

Result<DeltaPage<TenantDomain>> decode_domains(std::string_view body) {
  return read_page<TenantDomain>(body, [](Properties& item, std::string& /*problem*/) {
    return std::optional{read_domain(item)};
  });
}

Result<UserChange> decode_user(std::string_view body) {
  return read_body(body,
                   [](Properties& root, std::string& /*problem*/) { return read_user(root); });
}

Result<std::string> decode_mail_exchange(std::string_view body) {
  struct Exchange {
    std::int64_t preference;
    std::string host;
  };

  auto page = read_page<Exchange>(body, [](Properties& item, std::string& /*problem*/) {
    std::optional<Exchange> exchange;
    const bool is_for_mail = item.text("supportedService").value_or("") == "Email";
    if (item.type() == "domainDnsMxRecord" && is_for_mail && item.has("mailExchange")) {
      exchange.emplace(item.number("preference", std::numeric_limits<std::int64_t>::max()),
                       item.needed_text("mailExchange"));
    }
    return exchange;
  });
  if (!page.has_value()) {
    return std::unexpected{std::move(page).error()};
  }
  const auto best = std::ranges::min_element(page->changes, {}, &Exchange::preference);
  return best == page->changes.end() ? std::string{} : std::move(best->host);
}

Result<TenantOrganization> decode_organization(std::string_view body) {
  auto page = read_page<TenantOrganization>(body, [](Properties& item, std::string& /*problem*/) {
    return std::optional{TenantOrganization{.id = item.needed_text("id"),
                                            .display_name = item.text("displayName").value_or("")}};
  });
  if (!page.has_value()) {
    return std::unexpected{std::move(page).error()};
  }
  if (page->changes.empty()) {
    return fail(ErrorCode::kInvalidInput, "it names no organization");
  }
  return std::move(page->changes.front());
}

}  // namespace directory
