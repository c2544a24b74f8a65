// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/directory_settings.h"

#include "directory/graph/application.h"
#include "directory/graph/endpoints.h"
#include "directory/settings.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::MappingReader;
using policy::Problems;
using policy::YamlValue;

constexpr std::array<std::pair<std::string_view, Feature>, 4> kFeatures{
    {{"sync", Feature::kSync},
     {"posture", Feature::kPosture},
     {"provision", Feature::kProvision},
     {"pull", Feature::kPull}}};

constexpr std::array<std::pair<std::string_view, FirstSync>, 2> kFirstSyncs{
    {{"manual", FirstSync::kManual}, {"automatic", FirstSync::kAutomatic}}};

Credential read_credential(MappingReader& reader, const fs::path& folder) {
  Credential credential;
  reader.require("credential");
  auto mapping = reader.mapping("credential");
  if (!mapping.has_value()) {
    return credential;
  }
  const auto certificate = mapping->string("certificate");
  const auto secret = mapping->string("secret");
  if (certificate.has_value() == secret.has_value()) {
    reader.error("credential",
                 "'credential' needs one of 'certificate' and 'secret'; write the path of a file");
  }
  for (const auto& [text, path] :
       {std::pair{&certificate, &credential.certificate}, std::pair{&secret, &credential.secret}}) {
    if (text->has_value()) {
      *path = credential_path(folder, **text);
    }
  }
  mapping->finish();
  return credential;
}

std::string read_endpoint(MappingReader& reader, std::string_view key) {
  std::string text = required_text(reader, key);
  if (text.empty()) {
    return text;
  }
  const auto url = check_endpoint(text, key);
  if (!url.has_value()) {
    reader.error(key, url.error().message);
  }
  if (text.ends_with('/')) {
    text.pop_back();
  }
  return text;
}

CloudEndpoints read_cloud(MappingReader& reader, const fs::path& folder) {
  const auto value = reader.value("cloud");
  if (!value.has_value() || value->kind() != YamlValue::Kind::kMapping) {
    const std::string name = reader.string("cloud").value_or("global");
    const auto cloud = cloud_named(name);
    if (!cloud.has_value()) {
      reader.error("cloud",
                   fmt::format("{} is no cloud; write global, us-gov-high, us-gov-dod, china or "
                               "{{login: URL, graph: URL, exchange: URL}}",
                               policy::quoted_excerpt(name)));
    }
    return cloud.value_or(CloudEndpoints{});
  }
  CloudEndpoints cloud;
  auto mapping = reader.mapping("cloud");
  if (!mapping.has_value()) {
    return cloud;
  }
  cloud.login = read_endpoint(*mapping, "login");
  cloud.graph = read_endpoint(*mapping, "graph");
  cloud.exchange = read_endpoint(*mapping, "exchange");
  if (const auto authorities = mapping->string("ca"); authorities.has_value()) {
    cloud.authorities = (folder / *authorities).lexically_normal();
  }
  mapping->finish();
  return cloud;
}

std::set<Feature> read_features(MappingReader& reader, Problems& problems) {
  const auto words = reader.scalars("features");
  if (!words.has_value()) {
    return {Feature::kSync};
  }
  std::set<Feature> features;
  for (const YamlValue& word : *words) {
    const auto* const feature =
        std::ranges::find(kFeatures, word.text(), &std::pair<std::string_view, Feature>::first);
    if (feature == kFeatures.end()) {
      problems.error(word.place(),
                     fmt::format("{} is no feature; write sync, posture, provision or pull",
                                 policy::quoted_excerpt(word.text())));
    } else {
      features.insert(feature->second);
    }
  }
  return features;
}

void read_targets(MappingReader& sync, SyncSettings& settings, Problems& problems) {
  const auto value = sync.value("targets");
  if (!value.has_value()) {
    return;
  }
  if (value->kind() == YamlValue::Kind::kScalar) {
    if (value->text() != "all") {
      sync.error("targets", "'targets' is all, or {people: [...], groups: [...]}");
    }
    return;
  }
  auto mapping = sync.mapping("targets");
  if (!mapping.has_value()) {
    return;
  }
  SelectedTargets targets;
  targets.people = mapping->strings("people").value_or(targets.people);
  if (targets.people.size() > SelectedTargets::kMostPeople) {
    mapping->error("people",
                   fmt::format("{} people are targets, at most {}; write targets: all",
                               targets.people.size(),
                               SelectedTargets::kMostPeople));
  }
  for (const YamlValue& group : mapping->scalars("groups").value_or(std::vector<YamlValue>{})) {
    if (group.text().size() < SelectedTargets::kShortestGroupText) {
      problems.error(group.place(), "the begin of a group's name needs three characters or more");
    }
    targets.groups.push_back(group.text());
  }
  if (targets.people.empty() && targets.groups.empty()) {
    sync.error("targets", "'targets' names nobody; write people, groups, or all");
  }
  mapping->finish();
  settings.targets = std::move(targets);
}

SyncSettings read_sync(MappingReader& reader, bool is_office365, Problems& problems) {
  SyncSettings settings;
  settings.first = is_office365 ? FirstSync::kManual : FirstSync::kAutomatic;
  // A file is what somebody wrote: it may shrink, unless the settings say how far.
  settings.max_shrink = is_office365 ? settings.max_shrink : 100;
  auto sync = reader.mapping("sync");
  if (!sync.has_value()) {
    return settings;
  }
  auto every = sync->duration("every");
  if (every.has_value() && *every < std::chrono::seconds{1}) {
    sync->error("every", "'every' is under a second; write for example 5m");
    every.reset();
  }
  settings.every = every.value_or(settings.every);
  if (is_office365) {
    settings.first = sync->word<FirstSync>("first", kFirstSyncs).value_or(settings.first);
    read_targets(*sync, settings, problems);
  } else {
    sync->refuse("first", "a directory of type csv is read at once; remove 'first'");
    sync->refuse("targets", "a directory of type csv is read whole; remove 'targets'");
  }
  settings.max_shrink = sync->percentage("max_shrink").value_or(settings.max_shrink);
  sync->finish();
  return settings;
}

Office365Source read_office365(MappingReader& reader, const fs::path& folder, Problems& problems) {
  Office365Source source;
  source.application.tenant = required_text(reader, "tenant");
  source.application.client_id = required_text(reader, "client_id");
  source.application.credential = read_credential(reader, folder);
  source.application.cloud = read_cloud(reader, folder);
  source.features = read_features(reader, problems);
  return source;
}

}  // namespace

std::string_view word_of(Feature feature) {
  return std::ranges::find(kFeatures, feature, &std::pair<std::string_view, Feature>::second)
      ->first;
}

fs::path credential_path(const fs::path& folder, const std::string& text) {
  const char* passed = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (passed != nullptr && text.find('/') == std::string::npos &&
      fs::exists(fs::path{passed} / text)) {
    return fs::path{passed} / text;
  }
  return (folder / text).lexically_normal();
}

std::string required_text(MappingReader& reader, std::string_view key) {
  reader.require(key);
  const auto text = reader.string(key);
  if (text.has_value() && text->empty()) {
    reader.error(key, fmt::format("'{}' is empty; write a text after the colon", key));
  }
  return text.value_or("");
}

DirectorySettings read_directory_settings(const YamlValue& value,
                                          const fs::path& folder,
                                          Problems& problems) {
  MappingReader reader{value, problems};
  DirectorySettings settings;
  settings.name = required_text(reader, "name");
  const std::string type = required_text(reader, "type");
  if (type == "office365") {
    settings.source = read_office365(reader, folder, problems);
  } else if (type == "csv") {
    settings.source =
        CsvSource{.path = (folder / required_text(reader, "path")).lexically_normal()};
  } else {
    if (!type.empty()) {
      reader.error("type",
                   fmt::format("{} is no type of directory; write office365 or csv",
                               policy::quoted_excerpt(type)));
    }
    return settings;
  }
  settings.sync = read_sync(reader, type == "office365", problems);
  reader.finish();
  return settings;
}

policy::Result<DirectorySettings> parse_directory_settings(std::string_view text,
                                                           const fs::path& folder) {
  Problems problems;
  const auto document = policy::parse_yaml(text, "directory", problems);
  DirectorySettings settings;
  if (document.has_value()) {
    settings = read_directory_settings(*document, folder, problems);
  }
  if (problems.has_errors()) {
    return policy::fail(policy::ErrorCode::kInvalidInput, problems.text());
  }
  settings.is_declared = false;
  return settings;
}

}  // namespace directory
