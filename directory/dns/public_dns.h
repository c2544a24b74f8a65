// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/task.h"
#include "policy/config/name_servers.h"
#include "policy/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace directory {

/// Asks name servers, on a few threads of its own. SPF is worked out by fromguard-spf-check, in a
/// process of its own for each check: libspf2 has faults that a domain's records can reach.
class PublicDns final : public MailDns {
 public:
  /// More questions and checks at once are refused, as `kUnavailable` and `kTempError`.
  static constexpr std::size_t kMostWaiting = 256;

  /// `spf_program` empty: fromguard-spf-check, by `program_of_ours`.
  explicit PublicDns(policy::NameServers servers, std::filesystem::path spf_program = {});

  PublicDns(const PublicDns&) = delete;
  PublicDns& operator=(const PublicDns&) = delete;
  PublicDns(PublicDns&&) = delete;
  PublicDns& operator=(PublicDns&&) = delete;

  /// Gives up what is under way, within a second; who waits for it is never answered.
  ~PublicDns() override;

  [[nodiscard]] Task<policy::Result<MxAnswer>> mx(std::string domain) override;
  [[nodiscard]] Task<policy::Result<std::vector<std::string>>> addresses(std::string host) override;
  [[nodiscard]] Task<policy::Result<std::vector<std::string>>> txt(std::string domain) override;
  [[nodiscard]] Task<SpfAnswer> spf(std::string domain, std::string address) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory
