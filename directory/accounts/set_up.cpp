// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/set_up.h"

#include "directory/accounts/account.h"
#include "directory/accounts/secrets.h"
#include "directory/accounts/sessions.h"
#include "directory/store/audit_trail.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::Result;

constexpr std::string_view kKey = "secret";

struct StoredSecret {
  std::string digest;
  std::int64_t expires = 0;
};

void name_fields(auto& fields, auto& stored) {
  fields.text("d", stored.digest);
  fields.number("x", stored.expires);
}

}  // namespace

std::unexpected<policy::Error> no_such_set_up() {
  return policy::fail(policy::ErrorCode::kDenied,
                      "this set-up link is wrong, was used already, was replaced by a newer one, "
                      "or is over a day old; ask for a new one: fromguard-directory setup-link");
}

std::string set_up_link(const std::string& console_url, const std::string& secret) {
  return console_url + "/setup#" + secret;
}

Result<std::optional<SetUpSecret>> SetUp::renew(const std::string& who, std::int64_t now) {
  const auto accounts = has_accounts(*database_);
  if (!accounts.has_value()) {
    return std::unexpected{accounts.error()};
  }
  if (*accounts) {
    return std::nullopt;
  }
  SetUpSecret made{.secret = random_secret(), .expires = now + kSecretSeconds};
  const StoredSecret stored{.digest = digest_of_secret(made.secret), .expires = made.expires};
  FieldWriter fields;
  name_fields(fields, stored);
  StateBatch batch;
  batch.put(Table::kSetUp, kKey, fields.finish());
  auto written = commit_audited(*database_,
                                std::move(batch),
                                {.time = now,
                                 .who = who,
                                 .action = "setup.link",
                                 .subject = "the first account",
                                 .before = {},
                                 .after = "a new set-up link",
                                 .organization = {}});
  if (!written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  return made;
}

Result<bool> SetUp::is_secret(std::string_view secret, std::int64_t now) const {
  const auto accounts = has_accounts(*database_);
  const auto read = database_->get(Table::kSetUp, kKey);
  if (!accounts.has_value() || !read.has_value()) {
    return std::unexpected{accounts.has_value() ? read.error() : accounts.error()};
  }
  const std::optional<std::string>& value = *read;
  if (*accounts || !value.has_value()) {
    return false;
  }
  StoredSecret stored;
  FieldReader fields{*value};
  name_fields(fields, stored);
  // A damaged one is good for nothing, and is replaced by asking for a new one.
  return fields.status().has_value() && now < stored.expires &&
         is_same_secret(stored.digest, digest_of_secret(secret));
}

Result<Sessions::Begun> SetUp::redeem(std::string_view secret,
                                      const Account& account,
                                      std::string_view client,
                                      std::int64_t now) {
  const auto is_good = is_secret(secret, now);
  auto trail = AuditTrail::open(*database_);
  if (!is_good.has_value() || !trail.has_value()) {
    return std::unexpected{is_good.has_value() ? trail.error() : is_good.error()};
  }
  if (!*is_good) {
    return no_such_set_up();
  }
  StateBatch batch;
  batch.remove(Table::kSetUp, kKey);
  put_account(batch, account);
  trail->add(batch,
             {.time = now,
              .who = account.name,
              .action = "setup.redeem",
              .subject = account.name,
              .before = {},
              .after = describe(account) + ", from " + std::string{client},
              .organization = {}});
  return sessions_->begin(account.name, now, std::move(batch));
}

}  // namespace directory
