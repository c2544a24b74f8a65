// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/manifest.h"

#include "policy/digest.h"
#include "policy/result.h"
#include "policy/snapshot/hexadecimal.h"
#include "policy/snapshot/records.h"
#include "policy/snapshot/sentinel.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "fromguard-generation";
constexpr std::string_view kChecksumLabel = "sha256 ";
constexpr std::size_t kSha256Digits = 64;

// Reads members of one object; the first that is absent or of another kind makes it fail for good.
class ObjectReader {
 public:
  ObjectReader(const json::value& value, bool& failed)
      : object_(value.if_object()), failed_(&failed) {
    failed = failed || object_ == nullptr;
  }

  std::string text(std::string_view name) {
    const json::value* found = find(name);
    if (found == nullptr || !found->is_string()) {
      *failed_ = true;
      return {};
    }
    return std::string{found->get_string()};
  }

  template <typename Number>
  Number number(std::string_view name) {
    const json::value* found = find(name);
    boost::system::error_code error;
    const Number read = found == nullptr ? Number{} : found->to_number<Number>(error);
    *failed_ = *failed_ || found == nullptr || error.failed();
    return read;
  }

  std::string digest(std::string_view name) {
    std::string read = text(name);
    *failed_ = *failed_ || read.size() != kSha256Digits || !from_hexadecimal(read).has_value();
    return read;
  }

  template <typename Make>
  auto list(std::string_view name, Make make) {
    std::vector<decltype(make(std::declval<ObjectReader&>()))> read;
    const json::value* found = find(name);
    if (found == nullptr || !found->is_array()) {
      *failed_ = true;
      return read;
    }
    for (const json::value& item : found->get_array()) {
      ObjectReader reader{item, *failed_};
      read.push_back(make(reader));
    }
    return read;
  }

  [[nodiscard]] const json::value* find(std::string_view name) const {
    return object_ == nullptr ? nullptr : object_->if_contains(name);
  }

 private:
  const json::object* object_;
  bool* failed_;
};

template <typename Items, typename Make>
json::array array_of(const Items& items, Make make) {
  json::array array;
  array.reserve(items.size());
  for (const auto& item : items) {
    array.emplace_back(make(item));
  }
  return array;
}

json::object to_json(const RecordCounts& counts) {
  return {{"addresses", counts.addresses},
          {"names", counts.names},
          {"organizations", counts.organizations},
          {"people", counts.people},
          {"spellings", counts.spellings}};
}

json::object to_json(const Manifest& manifest) {
  json::object object;
  object["format"] = kFormat;
  object["schema"] = kSnapshotSchemaVersion;
  object["generation"] = manifest.generation;
  object["name_keys"] = manifest.name_key_version;
  object["published"] = manifest.published;
  object["records"] = to_json(manifest.records);
  object["content_sha256"] = manifest.content_digest;
  object["organizations"] = array_of(manifest.organizations, [](const ManifestOrganization& item) {
    return json::object{{"name", item.name}, {"people", item.people}};
  });
  object["sources"] = array_of(manifest.sources, [](const SourceSync& item) {
    return json::object{{"organization", item.organization},
                        {"directory", item.directory},
                        {"synced", item.synced}};
  });
  object["files"] = array_of(manifest.files, [](const ManifestFile& item) {
    return json::object{{"name", item.name}, {"size", item.size}, {"sha256", item.sha256}};
  });
  object["sentinels"] = array_of(manifest.sentinels, [](const Sentinel& item) {
    return json::object{{"key", to_hexadecimal(item.key)}, {"sha256", item.value_sha256}};
  });
  return object;
}

std::unexpected<Error> foreign() {
  return fail(ErrorCode::kInvalidInput,
              "this is no manifest of a fromguard generation, or it is cut short");
}

// The JSON line of a manifest whose checksum fits.
Result<std::string_view> checked_line(std::string_view text) {
  if (text.size() > kMaximumManifestOctets) {
    return fail(ErrorCode::kInvalidInput, "the manifest is over 64 MiB");
  }
  const std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos) {
    return foreign();
  }
  std::string_view checksum = text.substr(line_end + 1);
  if (checksum.size() != kChecksumLabel.size() + kSha256Digits + 1 ||
      !checksum.starts_with(kChecksumLabel) || !checksum.ends_with('\n')) {
    return foreign();
  }
  checksum = checksum.substr(kChecksumLabel.size(), kSha256Digits);
  const std::string_view line = text.substr(0, line_end);
  if (checksum != sha256_hex(line)) {
    return fail(ErrorCode::kInvalidInput, "the manifest is damaged: its checksum does not fit");
  }
  return line;
}

RecordCounts read_counts(const json::value* value, bool& failed) {
  if (value == nullptr) {
    failed = true;
    return {};
  }
  ObjectReader reader{*value, failed};
  return {.addresses = reader.number<std::uint64_t>("addresses"),
          .names = reader.number<std::uint64_t>("names"),
          .organizations = reader.number<std::uint64_t>("organizations"),
          .people = reader.number<std::uint64_t>("people"),
          .spellings = reader.number<std::uint64_t>("spellings")};
}

Sentinel read_sentinel(ObjectReader& reader, bool& failed) {
  auto key = from_hexadecimal(reader.text("key"));
  failed = failed || !key.has_value();
  return {.key = std::move(key).value_or(""), .value_sha256 = reader.digest("sha256")};
}

Manifest read_manifest(ObjectReader& reader, bool& failed) {
  Manifest manifest;
  manifest.generation = reader.number<std::uint64_t>("generation");
  manifest.name_key_version = reader.text("name_keys");
  manifest.published = reader.number<std::int64_t>("published");
  manifest.records = read_counts(reader.find("records"), failed);
  manifest.content_digest = reader.digest("content_sha256");
  manifest.organizations = reader.list("organizations", [](ObjectReader& item) {
    return ManifestOrganization{.name = item.text("name"),
                                .people = item.number<std::uint64_t>("people")};
  });
  manifest.sources = reader.list("sources", [](ObjectReader& item) {
    return SourceSync{.organization = item.text("organization"),
                      .directory = item.text("directory"),
                      .synced = item.number<std::int64_t>("synced")};
  });
  manifest.files = reader.list("files", [](ObjectReader& item) {
    return ManifestFile{.name = item.text("name"),
                        .size = item.number<std::uint64_t>("size"),
                        .sha256 = item.digest("sha256")};
  });
  manifest.sentinels = reader.list(
      "sentinels", [&failed](ObjectReader& item) { return read_sentinel(item, failed); });
  return manifest;
}

}  // namespace

std::string encode_manifest(const Manifest& manifest) {
  std::string text = json::serialize(to_json(manifest));
  const std::string digest = sha256_hex(text);
  text += '\n';
  text += kChecksumLabel;
  text += digest;
  text += '\n';
  return text;
}

Result<Manifest> decode_manifest(std::string_view text) {
  const auto line = checked_line(text);
  if (!line.has_value()) {
    return std::unexpected{line.error()};
  }
  boost::system::error_code error;
  const json::value value = json::parse(*line, error);
  bool failed = error.failed();
  ObjectReader reader{value, failed};
  if (reader.text("format") != kFormat || failed) {
    return foreign();
  }
  const auto schema = reader.number<std::uint64_t>("schema");
  if (!failed && schema != kSnapshotSchemaVersion) {
    return fail(ErrorCode::kInvalidInput,
                "the generation has schema version " + std::to_string(schema) +
                    ", this program reads version " + std::to_string(kSnapshotSchemaVersion) +
                    "; run the same version of fromguard-directory and fromguard-gateway");
  }
  Manifest manifest = read_manifest(reader, failed);
  if (failed || manifest.generation == 0 ||
      manifest.organizations.size() != manifest.records.organizations) {
    return fail(ErrorCode::kInvalidInput, "the manifest lacks a member or has a wrong one");
  }
  return manifest;
}

}  // namespace policy
