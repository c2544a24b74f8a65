// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <memory>
#include <string>

struct psl_ctx_st;

namespace policy {

/// The public suffix list (publicsuffix.org): under which names anybody may register. Immutable,
/// thread-safe.
class PublicSuffixList {
 public:
  /// `kNotFound` where there is no list to be read.
  [[nodiscard]] static Result<std::shared_ptr<const PublicSuffixList>> load(
      const std::filesystem::path& path);

  /// The name registered below a public suffix that `domain` is or belongs to; of a public suffix
  /// itself, that (RFC 7489, 3.2). `domain` in lower-case A-label form.
  [[nodiscard]] std::string organizational_domain(const std::string& domain) const;

 private:
  struct Free {
    void operator()(psl_ctx_st* list) const;
  };

  explicit PublicSuffixList(std::unique_ptr<psl_ctx_st, Free> list);

  std::unique_ptr<psl_ctx_st, Free> list_;
};

}  // namespace policy
