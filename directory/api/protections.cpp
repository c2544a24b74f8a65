// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/people/protection_report.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

std::string_view word_of(ProtectionKind kind) {
  return kind == ProtectionKind::kGroup ? "group" : "person";
}

// Whether nobody had the declared group or address when a generation was last made.
bool is_missing(const ApiServices& services,
                const OrganizationSettings& organization,
                std::string_view what,
                const std::string& name) {
  const auto& reports = services.control->protection_reports();
  const auto report =
      std::ranges::find(reports, organization.name, &ProtectionReport::organization);
  return report != reports.end() &&
         std::ranges::any_of(report->warnings, [&](const ProtectionWarning& warning) {
           return warning.what == what && warning.subject == name;
         });
}

json::object declared_json(const OrganizationSettings& organization,
                           std::string_view kind,
                           const std::string& name,
                           bool is_missing) {
  return {{"organization", organization.name},
          {"kind", kind},
          {"name", name},
          {"declared", true},
          {"missing", is_missing}};
}

// Looks whether what was added is still in its directory.
class AddedCheck {
 public:
  explicit AddedCheck(const StateDatabase& database) : state_(database.snapshot()) {}

  policy::Result<bool> is_missing(const AddedProtection& added) {
    const DirectoryKey key{.organization = added.organization, .directory = added.directory};
    auto view = views_.find(key);
    if (view == views_.end()) {
      auto opened = ContentView::open(state_, key);
      if (!opened.has_value()) {
        return std::unexpected{std::move(opened).error()};
      }
      view = views_.emplace(key, *std::move(opened)).first;
    }
    // Before it was read nobody knows.
    if (view->second.sync_state().live_set == 0) {
      return false;
    }
    return added.kind == ProtectionKind::kGroup ? is_absent(view->second.group(added.id))
                                                : is_absent(view->second.user(added.id));
  }

 private:
  template <typename T>
  static policy::Result<bool> is_absent(const policy::Result<std::optional<T>>& found) {
    if (!found.has_value()) {
      return std::unexpected{found.error()};
    }
    return !found->has_value();
  }

  std::shared_ptr<const StateReader> state_;
  std::map<DirectoryKey, ContentView> views_;
};

ApiResult list_protections(const ApiServices& services, const ApiRequest& request) {
  const auto additions = Additions::read(*services.records);
  if (!additions.has_value()) {
    return refuse(additions.error());
  }
  json::array protections;
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    for (const std::string& name : organization->protect.groups) {
      protections.emplace_back(
          declared_json(*organization,
                        "group",
                        name,
                        is_missing(services, *organization, "group_not_found", name)));
    }
    for (const std::string& address : organization->protect.people) {
      protections.emplace_back(
          declared_json(*organization,
                        "person",
                        address,
                        is_missing(services, *organization, "person_not_found", address)));
    }
    for (const std::string& name : organization->protect.role_mailboxes) {
      protections.emplace_back(declared_json(*organization, "role_mailbox", name, false));
    }
  }
  AddedCheck check{*services.database};
  for (const AddedProtection& added : additions->protections()) {
    if (!request.principal.may_see(added.organization)) {
      continue;
    }
    const auto missing = check.is_missing(added);
    if (!missing.has_value()) {
      return refuse(missing.error());
    }
    protections.emplace_back(json::object{{"organization", added.organization},
                                          {"directory", added.directory},
                                          {"kind", word_of(added.kind)},
                                          {"id", added.id},
                                          {"name", added.label},
                                          {"mail", added.email},
                                          {"declared", false},
                                          {"missing", *missing}});
  }
  return answer(json::serialize(json::object{{"protections", std::move(protections)}}));
}

// Group or person that the path of a request names.
struct Target {
  AddedProtection protection;
  DirectoryLookup lookup;
  std::optional<StoredGroup> group;
  std::optional<StoredUser> user;
};

std::expected<Target, Problem> target_of(const ApiServices& services, const ApiRequest& request) {
  const std::string& kind = request.captures.at(2);
  const std::string& id = request.captures.at(3);
  if (kind != "group" && kind != "person") {
    return refuse_request("a protection is of a group or a person, not of a " + kind);
  }
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  auto lookup = DirectoryLookup::open(services, *place);
  if (!lookup.has_value()) {
    return refuse(lookup.error());
  }
  auto group = lookup->view().group(id);
  auto user = lookup->view().user(id);
  if (!group.has_value() || !user.has_value()) {
    return refuse(group.has_value() ? user.error() : group.error());
  }
  Target target{.protection = {}, .lookup = *std::move(lookup), .group = {}, .user = {}};
  target.protection.organization = place->organization->name;
  target.protection.directory = place->directory->name;
  target.protection.id = id;
  if (kind == "group") {
    target.protection.kind = ProtectionKind::kGroup;
    target.group = *std::move(group);
    target.protection.label = target.group.has_value() ? target.group->display_name : "";
  } else if (std::optional<StoredUser>& person = *user; person.has_value()) {
    target.user = *std::move(person);
    target.protection.label = target.user->display_name;
    const auto addresses = target.lookup.addresses(*target.user);
    target.protection.email = addresses.empty() ? "" : addresses.front();
  }
  return target;
}

Answer changed_answer(const AddedProtection& protection, bool is_changed) {
  return answer(json::serialize(json::object{{"organization", protection.organization},
                                             {"directory", protection.directory},
                                             {"kind", word_of(protection.kind)},
                                             {"id", protection.id},
                                             {"name", protection.label},
                                             {"changed", is_changed}}));
}

ApiResult protect(const ApiServices& services, const ApiRequest& request) {
  const auto target = target_of(services, request);
  if (!target.has_value()) {
    return std::unexpected{target.error()};
  }
  const AddedProtection& protection = target->protection;
  if (!target->group.has_value() && !target->user.has_value()) {
    return refuse({.code = policy::ErrorCode::kNotFound,
                   .message = "the directory " + protection.directory + " has no " +
                              std::string{word_of(protection.kind)} + " of id " + protection.id});
  }
  const auto added = services.records->add_protection(protection, request.actor);
  if (!added.has_value()) {
    return refuse(added.error());
  }
  if (*added) {
    services.control->configuration_changed();
  }
  return changed_answer(protection, *added);
}

std::string names_of(const std::vector<GroupStanding>& groups) {
  std::string names;
  for (const GroupStanding& group : groups) {
    names += (names.empty() ? "" : ", ") + group.name;
  }
  return names;
}

// Why somebody who was not protected by a command cannot be unprotected by one.
policy::Result<std::string> what_protects(const Target& target) {
  const std::string organization = target.protection.organization;
  if (target.group.has_value()) {
    return target.lookup.standing(*target.group).is_declared
               ? "directory.yaml declares the group under protect.groups of organization " +
                     organization + "; remove it there"
               : "";
  }
  if (!target.user.has_value()) {
    return "";
  }
  const auto standing = target.lookup.standing(*target.user);
  if (!standing.has_value()) {
    return std::unexpected{standing.error()};
  }
  if (standing->is_declared) {
    return "directory.yaml declares the person under protect.people of organization " +
           organization + "; remove it there";
  }
  if (!standing->role_mailbox.empty()) {
    return "directory.yaml declares the name under protect.role_mailboxes of organization " +
           organization + "; remove it there";
  }
  return standing->via.empty() ? ""
                               : "the person is protected through " + names_of(standing->via) +
                                     "; unprotect the group or take the person out of it";
}

ApiResult unprotect(const ApiServices& services, const ApiRequest& request) {
  const auto target = target_of(services, request);
  if (!target.has_value()) {
    return std::unexpected{target.error()};
  }
  // Who has left the directory can be taken off the list all the same.
  const auto removed = services.records->remove_protection(target->protection, request.actor);
  if (!removed.has_value()) {
    return refuse(removed.error());
  }
  if (*removed) {
    services.control->configuration_changed();
    return changed_answer(target->protection, true);
  }
  const auto reason = what_protects(*target);
  if (!reason.has_value()) {
    return refuse(reason.error());
  }
  if (!reason->empty()) {
    return refuse_conflict(*reason);
  }
  return changed_answer(target->protection, false);
}

}  // namespace

std::vector<Route> protection_routes() {
  return {{Access::kRead, "GET", "protections", &list_protections},
          {Access::kOperate, "PUT", "protections/{}/{}/{}/{}", &protect},
          {Access::kOperate, "DELETE", "protections/{}/{}/{}/{}", &unprotect}};
}

}  // namespace directory
