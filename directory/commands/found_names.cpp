// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/found_names.h"

#include "directory/commands/admin_session.h"
#include "directory/commands/answer_fields.h"
#include "directory/commands/pages.h"
#include "policy/exit_status.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

// More are not told apart by name.
constexpr std::size_t kMostNamesakes = 50;

// Takes the only one of a list; says so if there is none or more.
std::optional<FoundName> the_only(AdminSession& session,
                                  const json::array& list,
                                  const std::string& nobody,
                                  const std::string& several) {
  if (list.size() == 1) {
    return FoundName{.organization = text_of(list.front(), "organization"),
                     .directory = text_of(list.front(), "directory"),
                     .id = text_of(list.front(), "id"),
                     .name = text_of(list.front(), "name")};
  }
  std::string text = list.empty() ? nobody : several;
  for (const json::value& one : list) {
    const std::string directory = text_of(one, "directory");
    text += (text == several ? " " : ", ") + text_of(one, "organization") + "/" +
            (directory.empty() ? text_of(one, "name") : directory + " " + text_of(one, "id"));
  }
  session.fail(list.empty() ? ExitStatus::kNoInput : ExitStatus::kBadData, text);
  return std::nullopt;
}

std::string narrowed(std::string target, const AdminOptions& options) {
  return with_options(std::move(target), options, {"directory"});
}

}  // namespace

std::string FoundName::path(const std::string& kind,
                            const std::vector<std::string>& further) const {
  std::vector<std::string> parts{kind, organization, directory};
  if (!id.empty()) {
    parts.push_back(id);
  }
  parts.insert(parts.end(), further.begin(), further.end());
  return api_path(parts);
}

std::optional<FoundName> find_directory(AdminSession& session, const std::string& name) {
  const auto body = session.get(with_parameter("/api/v1/directories", "name", name));
  if (!body.has_value()) {
    return std::nullopt;
  }
  auto found = the_only(session,
                        json::parse(*body).at("directories").as_array(),
                        "there is no directory " + name,
                        "several directories are named " + name + ":");
  if (found.has_value()) {
    found->directory = std::exchange(found->name, {});
  }
  return found;
}

std::optional<FoundName> find_person(AdminSession& session,
                                     const AdminOptions& options,
                                     const std::string& address) {
  const auto pages =
      get_pages(session,
                narrowed(with_parameter("/api/v1/people", "address", address), options),
                "people",
                kMostNamesakes);
  if (!pages.has_value()) {
    return std::nullopt;
  }
  return the_only(session,
                  pages->entries,
                  "nobody has the address " + address + "; see: people search TEXT",
                  "several people have the address " + address + "; use one of these ids:");
}

std::optional<FoundName> find_group(AdminSession& session,
                                    const AdminOptions& options,
                                    const std::string& name) {
  const auto pages = get_pages(session,
                               narrowed(with_parameter("/api/v1/groups", "name", name), options),
                               "groups",
                               kMostNamesakes);
  if (!pages.has_value()) {
    return std::nullopt;
  }
  return the_only(session,
                  pages->entries,
                  "there is no group " + name + "; see: groups search TEXT",
                  "several groups are named " + name + "; use one of these ids:");
}

}  // namespace directory
