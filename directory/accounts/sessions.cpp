// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/sessions.h"

#include "directory/accounts/secrets.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

// How far the database may be behind with when a session was used.
constexpr std::int64_t kWrittenEverySeconds = 60;

void name_fields(auto& fields, auto& session) {
  fields.text("a", session.account);
  fields.text("x", session.csrf_token);
  fields.number("b", session.begun);
  fields.number("l", session.last_used);
  fields.number("r", session.rotated);
  fields.text("d", session.digest);
  fields.text("p", session.previous_digest);
  fields.number("u", session.previous_until);
}

// Nothing if the record is damaged: its browser has to sign in anew.
std::optional<Session> decode_session(std::string_view key, std::string_view value) {
  Session session;
  session.id = key;
  FieldReader fields{value};
  name_fields(fields, session);
  const bool is_whole = fields.status().has_value() && !session.account.empty() &&
                        !session.digest.empty() && !session.csrf_token.empty();
  return is_whole ? std::optional{std::move(session)} : std::nullopt;
}

void put(StateBatch& batch, const Session& session) {
  FieldWriter fields;
  name_fields(fields, session);
  batch.put(Table::kSessions, session.id, fields.finish());
}

bool is_over(const Session& session, std::int64_t now) {
  return now >= Sessions::expires(session);
}

}  // namespace

std::int64_t Sessions::expires(const Session& session) {
  return std::min(session.begun + kLongestSeconds, session.last_used + kIdleSeconds);
}

Result<Sessions> Sessions::open(StateDatabase& database, std::int64_t now) {
  Sessions sessions{database};
  if (auto read = sessions.read(now); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return sessions;
}

Result<void> Sessions::read(std::int64_t now) {
  StateBatch batch;
  const auto read = database_->for_each(
      Table::kSessions, "", "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto session = decode_session(key, value);
        if (session.has_value() && !is_over(*session, now)) {
          hold(*std::move(session));
        } else {
          batch.remove(Table::kSessions, key);
        }
        return true;
      });
  if (!read.has_value()) {
    return read;
  }
  return batch.octets() == 0 ? Result<void>{} : database_->commit(std::move(batch));
}

Result<Sessions::Begun> Sessions::begin(const std::string& account,
                                        std::int64_t now,
                                        StateBatch batch) {
  std::vector<std::pair<std::int64_t, std::string>> others;
  for (const auto& [id, held] : by_id_) {
    if (held.session.account == account) {
      others.emplace_back(held.session.last_used, id);
    }
  }
  std::ranges::sort(others);
  std::vector<std::string> oldest;
  for (std::size_t i = 0; i + kMostOfAccount <= others.size(); ++i) {
    oldest.push_back(others[i].second);
  }
  Begun begun;
  begun.secret = random_secret();
  begun.session.id = random_id();
  begun.session.account = account;
  begun.session.csrf_token = random_secret();
  begun.session.begun = now;
  begun.session.last_used = now;
  begun.session.rotated = now;
  begun.session.digest = digest_of_secret(begun.secret);
  put(batch, begun.session);
  if (auto written = remove(oldest, std::move(batch)); !written.has_value()) {
    return std::unexpected{written.error()};
  }
  hold(begun.session);
  return begun;
}

std::optional<Sessions::Use> Sessions::use(std::string_view secret, std::int64_t now) {
  const std::string digest = digest_of_secret(secret);
  const auto known = by_digest_.find(digest);
  const auto found = known == by_digest_.end() ? by_id_.end() : by_id_.find(known->second);
  if (found == by_id_.end()) {
    return std::nullopt;
  }
  Held& held = found->second;
  Session& session = held.session;
  const bool is_current = session.digest == digest;
  if (is_over(session, now) || (!is_current && now >= session.previous_until)) {
    return std::nullopt;
  }
  session.last_used = std::max(session.last_used, now);
  Use use;
  if (is_current && now - session.rotated >= kRotationSeconds) {
    use.new_secret = rotate(held, now);
  } else if (session.last_used - held.written >= kWrittenEverySeconds) {
    write_use(held);
  }
  use.session = session;
  return use;
}

// The new secret; empty if it cannot be written: then the old one stays.
std::string Sessions::rotate(Held& held, std::int64_t now) {
  std::string secret = random_secret();
  Session rotated = held.session;
  rotated.previous_digest = std::exchange(rotated.digest, digest_of_secret(secret));
  rotated.previous_until = now + kOverlapSeconds;
  rotated.rotated = now;
  StateBatch batch;
  put(batch, rotated);
  if (!database_->commit(std::move(batch)).has_value()) {
    return "";
  }
  by_digest_.erase(held.session.previous_digest);
  by_digest_[rotated.digest] = rotated.id;
  held.session = std::move(rotated);
  held.written = held.session.last_used;
  return secret;
}

// That a session was used is in memory too: what the disk refuses is written the next time.
void Sessions::write_use(Held& held) {
  StateBatch batch;
  put(batch, held.session);
  if (database_->commit(std::move(batch)).has_value()) {
    held.written = held.session.last_used;
  }
}

const Session* Sessions::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second.session;
}

bool Sessions::is_csrf_token(std::string_view id, std::string_view token) const {
  const Session* session = find(id);
  return session != nullptr && is_same_secret(session->csrf_token, token);
}

Result<void> Sessions::end(std::string_view id, StateBatch batch) {
  const auto found = by_id_.find(id);
  std::vector<std::string> ids;
  if (found != by_id_.end()) {
    ids.push_back(found->first);
  }
  return remove(ids, std::move(batch));
}

Result<void> Sessions::end_of(std::string_view account, std::string_view keep, StateBatch batch) {
  std::vector<std::string> ids;
  for (const auto& [id, held] : by_id_) {
    if (held.session.account == account && id != keep) {
      ids.push_back(id);
    }
  }
  return remove(ids, std::move(batch));
}

Result<void> Sessions::sweep(std::int64_t now) {
  std::vector<std::string> ids;
  for (const auto& [id, held] : by_id_) {
    if (is_over(held.session, now)) {
      ids.push_back(id);
    }
  }
  return ids.empty() ? Result<void>{} : remove(ids, StateBatch{});
}

Result<void> Sessions::remove(const std::vector<std::string>& ids, StateBatch batch) {
  for (const std::string& id : ids) {
    batch.remove(Table::kSessions, id);
  }
  if (auto written = database_->commit(std::move(batch)); !written.has_value()) {
    return written;
  }
  for (const std::string& id : ids) {
    forget(id);
  }
  return {};
}

void Sessions::hold(Session session) {
  std::string id = session.id;
  by_digest_[session.digest] = id;
  if (!session.previous_digest.empty()) {
    by_digest_[session.previous_digest] = id;
  }
  const std::int64_t written = session.last_used;
  by_id_[std::move(id)] = Held{.session = std::move(session), .written = written};
}

void Sessions::forget(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) {
    return;
  }
  by_digest_.erase(found->second.session.digest);
  by_digest_.erase(found->second.session.previous_digest);
  by_id_.erase(found);
}

}  // namespace directory
