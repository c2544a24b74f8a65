// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/public_suffix_list.h"

#include "policy/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <libpsl.h>

namespace policy {

void PublicSuffixList::Free::operator()(psl_ctx_st* list) const {
  psl_free(list);
}

PublicSuffixList::PublicSuffixList(std::unique_ptr<psl_ctx_st, Free> list)
    : list_(std::move(list)) {}

Result<std::shared_ptr<const PublicSuffixList>> PublicSuffixList::load(
    const std::filesystem::path& path) {
  std::unique_ptr<psl_ctx_st, Free> list{psl_load_file(path.c_str())};
  if (list == nullptr || psl_suffix_count(list.get()) == 0) {
    return fail(ErrorCode::kNotFound,
                path.string() +
                    " holds no public suffix list; install the package "
                    "publicsuffix or name another file");
  }
  return std::shared_ptr<const PublicSuffixList>{new PublicSuffixList{std::move(list)}};
}

std::string PublicSuffixList::organizational_domain(const std::string& domain) const {
  const char* const registered = psl_registrable_domain(list_.get(), domain.c_str());
  return registered == nullptr ? domain : std::string{registered};
}

}  // namespace policy
