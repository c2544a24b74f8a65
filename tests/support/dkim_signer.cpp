// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dkim_signer.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#if defined(FROMGUARD_ADDRESS_SANITIZER)
#include <sanitizer/lsan_interface.h>
#endif

// C's word, which C++ does not have.
#define _Bool bool  // NOLINT(bugprone-reserved-identifier,readability-identifier-naming): theirs
#include <opendkim/dkim.h>
#undef _Bool

namespace tests {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

struct CloseLibrary {
  void operator()(DKIM_LIB* library) const { dkim_close(library); }
};

struct FreeHandle {
  void operator()(DKIM* handle) const { dkim_free(handle); }
};

void need(bool condition, const char* what) {
  if (!condition) {
    throw std::runtime_error{std::string{"sign with DKIM: "} + what};
  }
}

u_char* octets(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-*-cast): libopendkim knows no const
  return const_cast<u_char*>(reinterpret_cast<const u_char*>(text.data()));
}

std::string private_pem(EVP_PKEY* key) {
  const std::unique_ptr<BIO, FreeBio> memory{BIO_new(BIO_s_mem())};
  need(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "no PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string base64(const std::vector<unsigned char>& data) {
  std::string text(4 * ((data.size() + 2) / 3) + 1, '\0');
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same octets
  auto* const place = reinterpret_cast<unsigned char*>(text.data());
  text.resize(
      static_cast<std::size_t>(EVP_EncodeBlock(place, data.data(), static_cast<int>(data.size()))));
  return text;
}

dkim_alg_t algorithm_of(const DkimKeyPair& key, const DkimSigning& signing) {
  if (!key.is_rsa) {
    return DKIM_SIGN_ED25519SHA256;
  }
  return signing.use_sha1 ? DKIM_SIGN_RSASHA1 : DKIM_SIGN_RSASHA256;
}

}  // namespace

DkimKeyPair make_rsa_key(unsigned bits) {
  const Key key{EVP_RSA_gen(bits)};
  need(key != nullptr, "no RSA key");
  unsigned char* encoded = nullptr;
  const int size = i2d_PUBKEY(key.get(), &encoded);
  need(size > 0, "no public key");
  const std::vector<unsigned char> data(encoded, encoded + size);
  OPENSSL_free(encoded);
  return {.is_rsa = true,
          .private_key = private_pem(key.get()),
          .record = "v=DKIM1; k=rsa; p=" + base64(data)};
}

DkimKeyPair make_ed25519_key() {
  const Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  need(key != nullptr, "no Ed25519 key");
  std::vector<unsigned char> data(32);
  std::size_t size = data.size();
  need(EVP_PKEY_get_raw_public_key(key.get(), data.data(), &size) == 1, "no public key");
  return {.is_rsa = false,
          .private_key = private_pem(key.get()),
          .record = "v=DKIM1; k=ed25519; p=" + base64(data)};
}

std::string dkim_signature(const DkimKeyPair& key,
                           const DkimSigning& signing,
                           const std::vector<std::string>& fields,
                           std::string_view body) {
#if defined(FROMGUARD_ADDRESS_SANITIZER)
  // libopendkim never frees an Ed25519 key that it signed with.
  const __lsan::ScopedDisabler its_own_leak;
#endif
  const std::unique_ptr<DKIM_LIB, CloseLibrary> library{dkim_init(nullptr, nullptr)};
  unsigned least_bits = 512;
  dkim_options(library.get(), DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &least_bits, sizeof least_bits);
  if (signing.body_length.has_value()) {
    unsigned flags = DKIM_LIBFLAGS_SIGNLEN;
    dkim_options(library.get(), DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags);
  }
  if (signing.signed_at.has_value()) {
    auto when = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(signing.signed_at->time_since_epoch())
            .count());
    dkim_options(library.get(), DKIM_OP_SETOPT, DKIM_OPTS_FIXEDTIME, &when, sizeof when);
  }
  if (signing.lifetime.has_value()) {
    auto lifetime = static_cast<std::uint64_t>(signing.lifetime->count());
    dkim_options(library.get(), DKIM_OP_SETOPT, DKIM_OPTS_SIGNATURETTL, &lifetime, sizeof lifetime);
  }
  const dkim_alg_t algorithm = algorithm_of(key, signing);
  DKIM_STAT status = DKIM_STAT_OK;
  const std::unique_ptr<DKIM, FreeHandle> handle{
      dkim_sign(library.get(),
                octets("-"),
                nullptr,
                octets(key.private_key),
                octets(signing.selector),
                octets(signing.domain),
                signing.relaxed_header ? DKIM_CANON_RELAXED : DKIM_CANON_SIMPLE,
                signing.relaxed_body ? DKIM_CANON_RELAXED : DKIM_CANON_SIMPLE,
                algorithm,
                static_cast<ssize_t>(signing.body_length.value_or(static_cast<std::uint64_t>(-1))),
                &status)};
  need(handle != nullptr, "no handle");
  for (const std::string& field : fields) {
    need(dkim_header(handle.get(), octets(field), field.size()) == DKIM_STAT_OK, "a field");
  }
  need(dkim_eoh(handle.get()) == DKIM_STAT_OK, "the header");
  need(dkim_body(handle.get(), octets(body), body.size()) == DKIM_STAT_OK, "the body");
  need(dkim_eom(handle.get(), nullptr) == DKIM_STAT_OK, "the message");
  u_char* value = nullptr;
  std::size_t size = 0;
  need(dkim_getsighdr_d(handle.get(), 16, &value, &size) == DKIM_STAT_OK, "the signature");
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same octets
  return " " + std::string{reinterpret_cast<const char*>(value), size};
}

}  // namespace tests
