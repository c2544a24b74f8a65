// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/sandbox/dkim_library.h"

#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/sandbox/gateway_channel.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

// C's word, which C++ does not have.
#define _Bool bool  // NOLINT(bugprone-reserved-identifier,readability-identifier-naming): theirs
#include <opendkim/dkim.h>
#undef _Bool

namespace gateway {
namespace {

DKIM_LIB*& library() {
  static DKIM_LIB* made = nullptr;
  return made;
}

// The library takes octets without sign, which it does not change.
u_char* octets(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-*-cast): the same octets; libopendkim knows no const
  return const_cast<u_char*>(reinterpret_cast<const u_char*>(text.data()));
}

std::string text_of(const u_char* text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same octets
  return text == nullptr ? std::string{} : std::string{reinterpret_cast<const char*>(text)};
}

// Hands out the key that the gateway sent along with the signature.
DKIM_CBSTAT find_key(DKIM* handle, DKIM_SIGINFO* /*signature*/, u_char* place, std::size_t size) {
  const auto& task = *static_cast<const DkimSignatureTask*>(dkim_get_user_context(handle));
  switch (task.key_status) {
    case DkimKeyStatus::kFound: break;
    case DkimKeyStatus::kAbsent: return DKIM_CBSTAT_NOTFOUND;
    case DkimKeyStatus::kTemporaryFailure: return DKIM_CBSTAT_TRYAGAIN;
  }
  if (task.key.size() >= size) {
    return DKIM_CBSTAT_ERROR;
  }
  std::memset(place, 0, size);
  std::ranges::copy(task.key, place);
  return DKIM_CBSTAT_CONTINUE;
}

void set_flags(unsigned flags) {
  dkim_options(library(), DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags);
}

}  // namespace

// One handle of the library, with one signature.
class DkimVerification::Signature {
 public:
  Signature(const std::vector<std::string>& fields, const DkimSignatureTask& task) {
    DKIM_STAT status = DKIM_STAT_OK;
    handle_ = dkim_verify(library(), octets("-"), nullptr, &status);
    if (handle_ == nullptr) {
      leave();
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): it is only read
    dkim_set_user_context(handle_, const_cast<DkimSignatureTask*>(&task));
    for (const std::string& field : fields) {
      note(dkim_header(handle_, octets(field), field.size()));
    }
    note(dkim_header(handle_, octets(task.field), task.field.size()));
    if (!is_over_) {
      note(dkim_eoh(handle_));
    }
  }

  Signature(const Signature&) = delete;
  Signature& operator=(const Signature&) = delete;
  Signature(Signature&&) = delete;
  Signature& operator=(Signature&&) = delete;

  ~Signature() { dkim_free(handle_); }

  void add_body(std::string_view text) {
    if (!is_over_) {
      note(dkim_body(handle_, octets(text), text.size()));
    }
  }

  [[nodiscard]] DkimFacts finish() {
    if (!is_over_) {
      bool is_test_key = false;
      note(dkim_eom(handle_, &is_test_key));
    }
    DkimFacts facts;
    facts.failed_for_now = failed_for_now_;
    DKIM_SIGINFO** signatures = nullptr;
    int count = 0;
    if (dkim_getsiglist(handle_, &signatures, &count) == DKIM_STAT_OK && count == 1) {
      describe(signatures[0], facts);
    }
    return facts;
  }

 private:
  void note(DKIM_STAT status) {
    failed_for_now_ = failed_for_now_ || status == DKIM_STAT_KEYFAIL ||
                      status == DKIM_STAT_CBTRYAGAIN || status == DKIM_STAT_NORESOURCE;
    is_over_ = is_over_ || status != DKIM_STAT_OK;
  }

  void describe(DKIM_SIGINFO* signature, DkimFacts& facts) {
    const unsigned flags = dkim_sig_getflags(signature);
    facts.domain = text_of(dkim_sig_getdomain(signature));
    facts.selector = text_of(dkim_sig_getselector(signature));
    facts.is_verified = (flags & DKIM_SIGFLAG_PROCESSED) != 0 &&
                        (flags & DKIM_SIGFLAG_PASSED) != 0 && (flags & DKIM_SIGFLAG_IGNORE) == 0 &&
                        dkim_sig_getbh(signature) == DKIM_SIGBH_MATCH &&
                        dkim_sig_geterror(signature) == DKIM_SIGERROR_OK;
    facts.is_test_key = (flags & DKIM_SIGFLAG_TESTKEY) != 0;
    const int error = dkim_sig_geterror(signature);
    facts.error = error > 0 ? static_cast<std::uint32_t>(error) : 0;
    facts.failed_for_now = facts.failed_for_now || error == DKIM_SIGERROR_KEYFAIL;
    unsigned bits = 0;
    facts.key_bits = dkim_sig_getkeysize(signature, &bits) == DKIM_STAT_OK ? bits : 0;
    dkim_alg_t algorithm = DKIM_SIGN_UNKNOWN;
    facts.is_sha1 = dkim_sig_getsignalg(signature, &algorithm) != DKIM_STAT_OK ||
                    algorithm == DKIM_SIGN_RSASHA1;
    ssize_t whole = 0;
    ssize_t canonical = 0;
    ssize_t signed_length = 0;
    const bool known = dkim_sig_getcanonlen(
                           handle_, signature, &whole, &canonical, &signed_length) == DKIM_STAT_OK;
    facts.leaves_body_unsigned = !known || (signed_length != -1 && signed_length < whole);
  }

  DKIM* handle_ = nullptr;
  bool is_over_ = false;
  bool failed_for_now_ = false;
};

void prepare_dkim_library() {
  // Loads what verification needs while files can still be read.
  OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  EVP_MD_free(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
  library() = dkim_init(nullptr, nullptr);
  if (library() == nullptr) {
    leave();
  }
  set_flags(DKIM_LIBFLAGS_STRICTHDRS);
  unsigned bits = 1024;
  dkim_options(library(), DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof bits);
  dkim_set_key_lookup(library(), &find_key);
}

DkimVerification::DkimVerification(DkimTask task) : task_(std::move(task)) {
  for (const DkimSignatureTask& signature : task_.signatures) {
    signatures_.push_back(std::make_unique<Signature>(task_.fields, signature));
  }
}

DkimVerification::~DkimVerification() = default;

void DkimVerification::add_body(std::string_view text) {
  for (const auto& signature : signatures_) {
    signature->add_body(text);
  }
}

std::vector<DkimFacts> DkimVerification::finish() {
  std::vector<DkimFacts> report;
  report.reserve(signatures_.size());
  for (const auto& signature : signatures_) {
    report.push_back(signature->finish());
  }
  return report;
}

}  // namespace gateway
