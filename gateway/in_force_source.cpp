// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/in_force_source.h"

#include "gateway/file_identity.h"
#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/session/judge.h"
#include "gateway/snapshot/current_generation.h"
#include "gateway/snapshot/open_generation.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/people/directory_view.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/policy.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace gateway {
namespace {

std::shared_ptr<const policy::DecorationLexicon> built_in_lexicon() {
  // It lives as long as the program; there is nothing to own.
  return {std::shared_ptr<void>{}, &policy::DecorationLexicon::built_in()};
}

}  // namespace

std::shared_ptr<const policy::Detector> make_detector(
    std::shared_ptr<const OpenGeneration> generation,
    std::shared_ptr<const policy::DecorationLexicon> lexicon) {
  // The view lives within the generation.
  const policy::DirectoryView* view = &generation->directory();
  return std::make_shared<const policy::Detector>(
      std::shared_ptr<const policy::DirectoryView>{std::move(generation), view},
      std::move(lexicon));
}

std::shared_ptr<const policy::DecorationLexicon> load_lexicon(const std::filesystem::path& path,
                                                              policy::Problems& problems) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return built_in_lexicon();
  }
  const auto text = policy::read_configuration_file(path, problems);
  if (!text.has_value()) {
    return nullptr;
  }
  auto lexicon = policy::DecorationLexicon::parse(*text);
  if (!lexicon.has_value()) {
    problems.error({.file = path.string()}, lexicon.error().message);
    return nullptr;
  }
  return std::make_shared<const policy::DecorationLexicon>(*std::move(lexicon));
}

std::shared_ptr<const policy::DelegatedSenders> load_delegated_senders(
    const std::filesystem::path& path, policy::Problems& problems) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return built_in_delegated_senders();
  }
  const auto text = policy::read_configuration_file(path, problems);
  if (!text.has_value()) {
    return nullptr;
  }
  auto catalogue = policy::DelegatedSenders::parse(*text, path.string(), problems);
  if (!catalogue.has_value()) {
    return nullptr;
  }
  return std::make_shared<const policy::DelegatedSenders>(*std::move(catalogue));
}

InForceSource::InForceSource(PolicyFiles files,
                             std::filesystem::path snapshots,
                             std::chrono::milliseconds stale_after)
    : files_(std::move(files)),
      stale_after_(stale_after),
      loaded_(Loaded{.policy = nullptr,
                     .lexicon = built_in_lexicon(),
                     .delegated_senders = built_in_delegated_senders(),
                     .generation = nullptr,
                     .detector = nullptr}),
      snapshots_(std::move(snapshots)) {}

PolicyReload InForceSource::refresh_policy(bool even_if_unchanged) {
  if (identity_of_files() == files_identity_ && !even_if_unchanged) {
    return {};
  }
  // Again where a file has changed meanwhile, or the policy names other files of lists: the files
  // that are in force are those whose identity is known.
  constexpr int kMostReadings = 3;
  PolicyReload reload;
  std::optional<Loaded> loaded;
  for (int i = 0; i < kMostReadings && (i == 0 || identity_of_files() != files_identity_); ++i) {
    files_identity_ = identity_of_files();
    reload = {};
    loaded = read_files(reload.problems);
  }
  if (!loaded.has_value()) {
    reload.outcome = PolicyReload::Outcome::kRefused;
    return reload;
  }
  if (auto generation = snapshots_.get(); generation != nullptr) {
    loaded->detector = make_detector(generation, loaded->lexicon);
    loaded->generation = std::move(generation);
  }
  loaded_.set(*std::move(loaded));
  reload.outcome = PolicyReload::Outcome::kReloaded;
  return reload;
}

PolicyReload InForceSource::refresh_outbound_tenants(bool even_if_unchanged) {
  const std::string identity = identity_of(files_.outbound_tenants);
  if (files_.outbound_tenants.empty() ||
      (identity == outbound_tenants_identity_ && !even_if_unchanged)) {
    return {};
  }
  // Taken before it is read: one that is replaced meanwhile is read again.
  outbound_tenants_identity_ = identity;
  PolicyReload reload;
  auto tenants = OutboundTenants::load(files_.outbound_tenants, reload.problems);
  if (!tenants.has_value()) {
    reload.outcome = PolicyReload::Outcome::kRefused;
    return reload;
  }
  outbound_tenants_.set(std::make_shared<const OutboundTenants>(*std::move(tenants)));
  reload.outcome = PolicyReload::Outcome::kReloaded;
  return reload;
}

std::optional<InForceSource::Loaded> InForceSource::read_files(policy::Problems& problems) {
  auto policy = policy::Policy::load(files_.policy, problems);
  Loaded loaded;
  loaded.lexicon = load_lexicon(files_.decorations, problems);
  loaded.delegated_senders = load_delegated_senders(files_.delegated_senders, problems);
  if (!policy.has_value() || loaded.lexicon == nullptr || loaded.delegated_senders == nullptr ||
      problems.has_errors()) {
    return std::nullopt;
  }
  list_files_ = policy->list_files();
  loaded.policy = std::make_shared<const policy::Policy>(*std::move(policy));
  return loaded;
}

Refresh InForceSource::refresh_snapshot() {
  std::erase_if(retired_, [](const auto& generation) { return generation.use_count() == 1; });
  Refresh refresh = snapshots_.refresh();
  if (refresh.outcome == RefreshOutcome::kSwapped) {
    Loaded loaded = loaded_.get();
    if (loaded.generation != nullptr) {
      retired_.push_back(std::move(loaded.generation));
    }
    loaded.generation = snapshots_.get();
    loaded.detector = make_detector(loaded.generation, loaded.lexicon);
    loaded_.set(std::move(loaded));
  }
  if (const auto confirmed = snapshots_.status().confirmed; confirmed.has_value()) {
    note_confirmation(*confirmed);
  }
  return refresh;
}

InForce InForceSource::get() const {
  Loaded loaded = loaded_.get();
  const bool is_stale = loaded.detector != nullptr && age() > stale_after_;
  return {.policy = std::move(loaded.policy),
          .detector = std::move(loaded.detector),
          .delegated_senders = std::move(loaded.delegated_senders),
          .outbound_tenants = outbound_tenants_.get(),
          .is_stale = is_stale,
          .today = policy::today()};
}

InForceSource::SnapshotFacts InForceSource::snapshot_facts() const {
  SnapshotFacts facts{.generation = loaded_.get().generation};
  facts.has_trouble = snapshots_.status().trouble.has_value();
  if (facts.generation != nullptr) {
    facts.age = std::chrono::duration_cast<std::chrono::seconds>(age());
  }
  return facts;
}

// The wall clock is asked once, when a confirmation is seen first. If it is set right or wrong
// later, the generation gets neither old nor young by it; one from the future is of now.
void InForceSource::note_confirmation(std::chrono::system_clock::time_point confirmed) {
  if (last_confirmation_ == confirmed) {
    return;
  }
  last_confirmation_ = confirmed;
  const auto age = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::system_clock::now() - confirmed);
  confirmed_ = std::chrono::steady_clock::now().time_since_epoch() -
               std::max(age, std::chrono::steady_clock::duration{0});
}

std::chrono::steady_clock::duration InForceSource::age() const {
  return std::chrono::steady_clock::now().time_since_epoch() - confirmed_.load();
}

std::string InForceSource::identity_of_files() const {
  std::string identity = identity_of(files_.policy) + '/' + identity_of(files_.decorations) + '/' +
                         identity_of(files_.delegated_senders);
  for (const std::filesystem::path& path : list_files_) {
    identity += '/' + identity_of(path);
  }
  return identity;
}

}  // namespace gateway
