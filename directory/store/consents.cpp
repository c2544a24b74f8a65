// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::Result;

constexpr std::int64_t kConsentSeconds = std::chrono::seconds{std::chrono::hours{1}}.count();

struct Consent {
  DirectoryKey key;
  std::int64_t time = 0;
};

void name_fields(auto& fields, auto& consent) {
  fields.text("o", consent.key.organization);
  fields.text("d", consent.key.directory);
  fields.number("t", consent.time);
}

Result<Consent> decode_consent(std::string_view value) {
  Consent consent;
  FieldReader fields{value};
  name_fields(fields, consent);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return consent;
}

bool is_too_old(const Consent& consent, std::int64_t now) {
  return now - consent.time > kConsentSeconds;
}

}  // namespace

Result<void> Records::put_consent(const std::string& state,
                                  const DirectoryKey& key,
                                  std::int64_t now) {
  StateBatch batch;
  const auto swept = database_->for_each(
      Table::kConsents, "", "", [&](std::string_view old, std::string_view value) -> Result<bool> {
        const auto consent = decode_consent(value);
        if (!consent.has_value() || is_too_old(*consent, now)) {
          batch.remove(Table::kConsents, old);
        }
        return true;
      });
  if (!swept.has_value()) {
    return swept;
  }
  FieldWriter fields;
  const Consent consent{.key = key, .time = now};
  name_fields(fields, consent);
  batch.put(Table::kConsents, join_key({state}), fields.finish());
  return database_->commit(std::move(batch));
}

Result<DirectoryKey> Records::take_consent(const std::string& state, std::int64_t now) {
  const std::string key = join_key({state});
  const auto read = database_->get(Table::kConsents, key);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  const auto unknown = policy::fail(
      policy::ErrorCode::kNotFound,
      "this consent was not asked for, was used already, or is over an hour old; ask for a new "
      "authorization URL");
  if (!value.has_value()) {
    return unknown;
  }
  StateBatch batch;
  batch.remove(Table::kConsents, key);
  if (auto used_up = database_->commit(std::move(batch)); !used_up.has_value()) {
    return std::unexpected{used_up.error()};
  }
  const auto consent = decode_consent(*value);
  if (!consent.has_value()) {
    return std::unexpected{consent.error()};
  }
  if (is_too_old(*consent, now)) {
    return unknown;
  }
  return consent->key;
}

}  // namespace directory
