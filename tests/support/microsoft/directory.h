// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tests::microsoft {

namespace json = boost::json;

enum class ObjectKind : std::uint8_t { kUser, kGroup };

/// In the directory, in its recycle bin, or gone for good.
enum class Presence : std::uint8_t { kPresent, kSoftDeleted, kPurged };

/// Counts the changes of a directory; a later change has a greater one.
using Version = std::uint64_t;

/// Names a user or a group for as long as the directory lives.
struct ObjectRef {
  ObjectKind kind = ObjectKind::kUser;
  std::size_t position = 0;

  friend auto operator<=>(const ObjectRef&, const ObjectRef&) = default;
};

/// Whether somebody is a direct member, and since when that is so.
struct Membership {
  bool is_member = false;
  bool is_purged = false;  ///< ended because the member is gone for good
  Version changed_at = 0;
};

struct DirectoryObject {
  std::string id;
  /// What was ever set, by Graph's names; null for what was set and cleared.
  json::object properties;
  Presence presence = Presence::kPresent;
  Version changed_at = 0;
  std::map<ObjectRef, Membership> members;  ///< of a group: everybody who ever was one
};

/// Users and groups of one tenant, with the order in which they changed.
class Directory {
 public:
  /// Adds an object; its `id` is among the properties. The id must be new.
  ObjectRef add(ObjectKind kind, json::object properties);

  /// Sets properties; null clears one.
  void update(ObjectRef ref, const json::object& properties);

  /// Puts the object into the recycle bin. Its memberships stay.
  void remove(ObjectRef ref);

  /// Takes it out of the recycle bin, with its members.
  void restore(ObjectRef ref);

  /// Ends the object and its memberships for good.
  void purge(ObjectRef ref);

  void set_member(ObjectRef group, ObjectRef member, bool is_member);

  [[nodiscard]] Version version() const { return version_; }

  [[nodiscard]] const DirectoryObject& object(ObjectRef ref) const;

  [[nodiscard]] const std::vector<DirectoryObject>& objects(ObjectKind kind) const;

  /// The object of this id, wherever it is.
  [[nodiscard]] std::optional<ObjectRef> find(ObjectKind kind, std::string_view id) const;

  /// The present user of this id or user principal name.
  [[nodiscard]] std::optional<ObjectRef> find_user(std::string_view id_or_name) const;

  /// The present group of this id or display name.
  [[nodiscard]] std::optional<ObjectRef> find_group(std::string_view id_or_name) const;

  /// Present direct members.
  [[nodiscard]] std::vector<ObjectRef> members(ObjectRef group) const;

  /// Present members over any number of steps, each once; the group itself is none.
  [[nodiscard]] std::vector<ObjectRef> transitive_members(ObjectRef group) const;

 private:
  DirectoryObject& changed(ObjectRef ref);
  void index_name(ObjectRef ref, bool is_added);

  std::vector<DirectoryObject> users_;
  std::vector<DirectoryObject> groups_;
  std::unordered_map<std::string, ObjectRef> by_id_;
  std::unordered_map<std::string, std::size_t> users_by_name_;  // principal name in lower case
  Version version_ = 0;
};

/// The text of a property; empty if it is not there or no text.
[[nodiscard]] std::string_view text_of(const json::object& properties, std::string_view name);

}  // namespace tests::microsoft
