// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_changes.h"

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/generator.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tests::microsoft {
namespace {

// By id, wherever it is; by name only if it is present.
ObjectRef require_object(const Directory& directory, ObjectKind kind, const std::string& name) {
  auto ref = directory.find(kind, name);
  if (!ref.has_value()) {
    ref = kind == ObjectKind::kUser ? directory.find_user(name) : directory.find_group(name);
  }
  if (!ref.has_value()) {
    throw std::invalid_argument{"nobody is called " + name};
  }
  return *ref;
}

// What an operation is about: `user` or `group`.
ObjectRef read_object(const Directory& directory, ControlFields& fields) {
  if (const auto user = fields.text("user"); user.has_value()) {
    return require_object(directory, ObjectKind::kUser, *user);
  }
  if (const auto group = fields.text("group"); group.has_value()) {
    return require_object(directory, ObjectKind::kGroup, *group);
  }
  throw std::invalid_argument{"an operation names a user or a group"};
}

json::object read_properties(ControlFields& fields) {
  auto properties = fields.value("properties");
  if (!properties.has_value()) {
    throw std::invalid_argument{"properties are missing"};
  }
  return std::move(properties->as_object());
}

ObjectRef create(Tenant& tenant, Random& random, ControlFields& fields) {
  json::object properties = read_properties(fields);
  if (properties.if_contains("id") == nullptr) {
    properties["id"] = random.uuid();
  }
  const std::string_view id = text_of(properties, "id");
  if (tenant.directory.find(ObjectKind::kUser, id) ||
      tenant.directory.find(ObjectKind::kGroup, id)) {
    throw std::invalid_argument{"this id is taken"};
  }
  const bool is_group = fields.text("kind") == "group";
  return tenant.directory.add(is_group ? ObjectKind::kGroup : ObjectKind::kUser,
                              std::move(properties));
}

ObjectRef set_member(Directory& directory, ControlFields& fields, bool is_member) {
  const auto name = fields.text("group");
  const auto user = fields.text("user");
  const auto nested = fields.text("member_group");
  if (!name.has_value() || user.has_value() == nested.has_value()) {
    throw std::invalid_argument{"name the group, and a user or a member_group"};
  }
  const ObjectRef member = user.has_value()
                               ? require_object(directory, ObjectKind::kUser, *user)
                               : require_object(directory, ObjectKind::kGroup, *nested);
  const ObjectRef group = require_object(directory, ObjectKind::kGroup, *name);
  directory.set_member(group, member, is_member);
  return group;
}

ObjectRef apply(Tenant& tenant, Random& random, ControlFields& fields) {
  Directory& directory = tenant.directory;
  const std::string operation = fields.text("op").value_or("");
  if (operation == "create") {
    return create(tenant, random, fields);
  }
  if (operation == "add_member" || operation == "remove_member") {
    return set_member(directory, fields, operation == "add_member");
  }
  const ObjectRef object = read_object(directory, fields);
  if (operation == "update") {
    directory.update(object, read_properties(fields));
  } else if (operation == "remove") {
    directory.remove(object);
  } else if (operation == "restore") {
    directory.restore(object);
  } else if (operation == "purge") {
    directory.purge(object);
  } else {
    throw std::invalid_argument{"unknown operation: " + operation};
  }
  return object;
}

// Changes that happen by themselves in a living organization.
class RandomChange {
 public:
  RandomChange(Tenant& tenant, Random& random) : tenant_(&tenant), random_(&random) {}

  void apply() {
    switch (random_->below(8)) {
      case 0: static_cast<void>(add_generated_person(*tenant_, *random_)); break;
      case 1: rename(); break;
      case 2: add_address(); break;
      case 3: clear_title(); break;
      case 4: join(); break;
      case 5: leave(); break;
      case 6: remove_or_restore(); break;
      default: purge_removed(); break;
    }
  }

 private:
  [[nodiscard]] Directory& directory() { return tenant_->directory; }

  [[nodiscard]] ObjectRef any(ObjectKind kind) {
    return {.kind = kind, .position = random_->below(directory().objects(kind).size())};
  }

  void rename() {
    const ObjectRef user = any(ObjectKind::kUser);
    const auto& properties = directory().object(user).properties;
    const std::string given{text_of(properties, "givenName")};
    json::object changed;
    changed["surname"] = fmt::format("Renamed{}", random_->below(100000));
    changed["displayName"] = fmt::format("{} {}", given, text_of(changed, "surname"));
    directory().update(user, changed);
  }

  void add_address() {
    const ObjectRef user = any(ObjectKind::kUser);
    const json::value* known = directory().object(user).properties.if_contains("proxyAddresses");
    json::array proxies =
        known != nullptr && known->is_array() ? known->get_array() : json::array();
    proxies.emplace_back(fmt::format("smtp:alias{}@contoso.example", random_->below(1000000)));
    json::object changed;
    changed["proxyAddresses"] = std::move(proxies);
    directory().update(user, changed);
  }

  void clear_title() { directory().update(any(ObjectKind::kUser), {{"jobTitle", nullptr}}); }

  void join() { directory().set_member(any(ObjectKind::kGroup), any(ObjectKind::kUser), true); }

  void leave() {
    const ObjectRef group = any(ObjectKind::kGroup);
    const auto members = directory().members(group);
    if (!members.empty()) {
      directory().set_member(group, members[random_->below(members.size())], false);
    }
  }

  void remove_or_restore() {
    const ObjectRef user = any(ObjectKind::kUser);
    switch (directory().object(user).presence) {
      case Presence::kPresent: directory().remove(user); break;
      case Presence::kSoftDeleted: directory().restore(user); break;
      case Presence::kPurged: break;
    }
  }

  void purge_removed() {
    const auto& users = directory().objects(ObjectKind::kUser);
    for (std::size_t i = 0; i < users.size(); ++i) {
      if (users[i].presence == Presence::kSoftDeleted) {
        directory().purge({.kind = ObjectKind::kUser, .position = i});
        return;
      }
    }
  }

  Tenant* tenant_;
  Random* random_;
};

}  // namespace

json::object apply_changes(Tenant& tenant, Random& random, ControlFields& fields) {
  json::array ids;
  if (auto operations = fields.value("operations"); operations.has_value()) {
    for (json::value& operation : operations->as_array()) {
      ControlFields one{std::move(operation.as_object())};
      ids.emplace_back(tenant.directory.object(apply(tenant, random, one)).id);
      one.must_be_empty();
    }
  }
  std::size_t count = 0;
  fields.count("random_changes", count);
  RandomChange change{tenant, random};
  for (std::size_t i = 0; i < count; ++i) {
    change.apply();
  }
  json::object answer;
  answer["ids"] = std::move(ids);
  answer["version"] = tenant.directory.version();
  return answer;
}

}  // namespace tests::microsoft
