// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_posture.h"

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/posture_state.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

constexpr auto kAspects =
    std::to_array<std::string_view>({"methods", "calendar", "rules", "purpose", "mail"});

PostureState& posture_of(World& world) {
  return world.sites.front()->posture;
}

// A list of objects, if the field is there.
std::optional<json::array> objects(ControlFields& fields, std::string_view name) {
  auto given = fields.value(name);
  if (!given.has_value()) {
    return std::nullopt;
  }
  json::array& list = given->as_array();
  if (!std::ranges::all_of(list, [](const json::value& item) { return item.is_object(); })) {
    throw std::invalid_argument{std::string{name} + " are objects"};
  }
  return std::move(list);
}

void replace(json::array& target, ControlFields& fields, std::string_view name) {
  if (auto given = objects(fields, name); given.has_value()) {
    target = *std::move(given);
  }
}

void replace(std::optional<json::array>& target, ControlFields& fields, std::string_view name) {
  if (auto given = objects(fields, name); given.has_value()) {
    target = *std::move(given);
  }
}

// Null ends one.
void set_failure(MailboxSettings& settings, const std::string& aspect, const json::value& given) {
  if (std::ranges::find(kAspects, aspect) == kAspects.end()) {
    throw std::invalid_argument{"nothing is asked about " + aspect};
  }
  if (given.is_null()) {
    settings.failures.erase(aspect);
    return;
  }
  ControlFields one{given.as_object()};
  MailboxFailure failure;
  failure.status = static_cast<unsigned>(one.number("status").value_or(failure.status));
  failure.code = one.text("code").value_or(failure.code);
  one.must_be_empty();
  settings.failures.insert_or_assign(aspect, std::move(failure));
}

}  // namespace

json::object set_mailbox(World& world, ControlFields& fields) {
  const Directory& directory = world.sites.front()->tenant.directory;
  const auto user = directory.find_user(fields.text("user").value_or(""));
  if (!user.has_value()) {
    throw std::invalid_argument{"name the user by id or principal name"};
  }
  MailboxSettings& settings = posture_of(world).mailboxes[directory.object(*user).id];
  replace(settings.methods, fields, "methods");
  replace(settings.calendar_permissions, fields, "calendar_permissions");
  replace(settings.message_rules, fields, "message_rules");
  if (const auto purpose = fields.text("purpose"); purpose.has_value()) {
    settings.purpose = purpose;
  }
  if (const auto failures = fields.value("failures"); failures.has_value()) {
    for (const auto& [aspect, failure] : failures->as_object()) {
      set_failure(settings, aspect, failure);
    }
  }
  return {};
}

json::object set_applications(World& world, ControlFields& fields) {
  PostureState& posture = posture_of(world);
  replace(posture.applications, fields, "applications");
  replace(posture.service_principals, fields, "service_principals");
  replace(posture.grants, fields, "grants");
  if (auto given = fields.value("role_assignments"); given.has_value()) {
    ControlFields lists{given->as_object()};
    json::object assignments;
    for (const auto& list : given->as_object()) {
      const std::string id = list.key();
      assignments[id] = objects(lists, id).value();
    }
    posture.role_assignments = std::move(assignments);
  }
  return {};
}

json::object set_organization(World& world, ControlFields& fields) {
  const auto properties = fields.value("properties");
  if (!properties.has_value()) {
    throw std::invalid_argument{"properties are missing"};
  }
  for (const auto& property : properties->as_object()) {
    posture_of(world).organization.insert_or_assign(property.key(), property.value());
  }
  return {};
}

json::object set_posture_pages(World& world, ControlFields& fields) {
  fields.count("size", posture_of(world).page_size);
  return {};
}

}  // namespace tests::microsoft
