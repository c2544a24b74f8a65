// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace directory {

/// Somebody who is signed in with a browser. Times are seconds since 1970.
struct Session {
  std::string id;          ///< who knows it can do nothing with it
  std::string account;     ///< canonical name
  std::string csrf_token;  ///< what each change must bring along
  std::int64_t begun = 0;
  std::int64_t last_used = 0;
  std::int64_t rotated = 0;         ///< when its secret was made
  std::string digest;               ///< of its secret
  std::string previous_digest;      ///< of the secret before; empty if there was none
  std::int64_t previous_until = 0;  ///< how long that one is good
};

/// The sessions of browsers. Of their secrets only the digests are kept, in the state database, so
/// that people stay signed in when the daemon is started anew. To be used on one thread.
///
/// Changes that end sessions are handed in as a batch: it is written together with them or not at
/// all.
class Sessions {
 public:
  static constexpr std::int64_t kIdleSeconds = 3600;
  static constexpr std::int64_t kLongestSeconds = std::int64_t{12} * 3600;
  static constexpr std::int64_t kRotationSeconds = 900;
  static constexpr std::int64_t kOverlapSeconds = 60;  ///< both secrets are good: requests overlap
  static constexpr std::size_t kMostOfAccount = 20;    ///< beyond, the oldest ends

  /// Reads the sessions; those that are over or damaged are removed.
  [[nodiscard]] static policy::Result<Sessions> open(StateDatabase& database, std::int64_t now);

  /// A session with the secret that its browser shows. Handed out once.
  struct Begun {
    Session session;
    std::string secret;
  };

  /// Writes the batch with a new session of the account. Its secret was never seen before.
  [[nodiscard]] policy::Result<Begun> begin(const std::string& account,
                                            std::int64_t now,
                                            StateBatch batch);

  /// What came of a secret.
  struct Use {
    Session session;
    std::string new_secret;  ///< to show from now on; empty: the same
  };

  /// The session of this secret; nothing if there is none (any more). Notes that it is used.
  [[nodiscard]] std::optional<Use> use(std::string_view secret, std::int64_t now);

  /// The session of this id; nullptr if there is none. Good until the sessions change.
  [[nodiscard]] const Session* find(std::string_view id) const;

  /// Whether the session has this CSRF token. Compared in constant time.
  [[nodiscard]] bool is_csrf_token(std::string_view id, std::string_view token) const;

  /// Writes the batch and ends this session, if there is one.
  [[nodiscard]] policy::Result<void> end(std::string_view id, StateBatch batch);

  /// Writes the batch and ends all sessions of the account but the one of id `keep`.
  [[nodiscard]] policy::Result<void> end_of(std::string_view account,
                                            std::string_view keep,
                                            StateBatch batch);

  /// Removes the sessions that are over.
  [[nodiscard]] policy::Result<void> sweep(std::int64_t now);

  /// When the session ends if it is not used any more.
  [[nodiscard]] static std::int64_t expires(const Session& session);

  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

 private:
  struct Held {
    Session session;
    std::int64_t written = 0;  // `last_used` as the database has it
  };

  using ById = std::map<std::string, Held, std::less<>>;

  explicit Sessions(StateDatabase& database) : database_(&database) {}

  [[nodiscard]] policy::Result<void> read(std::int64_t now);
  [[nodiscard]] policy::Result<void> remove(const std::vector<std::string>& ids, StateBatch batch);
  [[nodiscard]] std::string rotate(Held& held, std::int64_t now);
  void write_use(Held& held);
  void hold(Session session);
  void forget(const std::string& id);

  StateDatabase* database_;
  ById by_id_;
  std::unordered_map<std::string, std::string> by_digest_;  // ids, also by previous digests
};

}  // namespace directory
