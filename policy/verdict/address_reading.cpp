// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/address_reading.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/name/entry_lines.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/address_patterns.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

constexpr std::string_view kWholeDomain = "*@";

Result<std::string> parse_pattern(std::string_view text) {
  const bool is_domain = text.starts_with(kWholeDomain);
  const std::string_view rest = is_domain ? text.substr(kWholeDomain.size()) : text;
  if (rest.contains('*')) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} has a '*' that is not a leading '*@'; write ada@example.com, or "
                            "\"*@example.com\" for a whole domain",
                            quoted_excerpt(text)));
  }
  if (!is_domain) {
    return parse_configured_address(text);
  }
  auto domain = parse_configured_domain(rest);
  if (domain.has_value()) {
    domain->insert(0, kWholeDomain);
  }
  return domain;
}

// In a list a domain needs no `*@`: lists of domains are written so everywhere.
Result<std::string> parse_list_entry(std::string_view text) {
  return text.contains('@') ? parse_pattern(text)
                            : parse_pattern(std::string{kWholeDomain} + std::string{text});
}

void sort_once(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
}

// Where `name` leads, if that is a file in the folder of the policy or below it.
std::optional<std::filesystem::path> file_below(const std::filesystem::path& folder,
                                                const std::string& name) {
  std::error_code failed;
  const auto root = std::filesystem::weakly_canonical(folder.empty() ? "." : folder, failed);
  const auto path = std::filesystem::weakly_canonical(root / name, failed);
  const auto [end, ignored] = std::ranges::mismatch(root, path);
  const bool is_below = !failed && end == root.end() && path != root;
  return is_below ? std::optional{path} : std::nullopt;
}

// Reads the lists of one file.
class ListReading {
 public:
  ListReading(PolicyReading& reading, Problems& problems)
      : reading_(&reading), problems_(&problems) {}

  void read(const YamlValue& name, const YamlValue& value) {
    AddressList list{.name = name.text(), .patterns = {}};
    check_name(name);
    if (value.kind() == YamlValue::Kind::kMapping) {
      read_mapping(list, value);
    } else {
      problems_->error(value.place(),
                       fmt::format("the list {} needs 'file' or 'entries'; write {}: {{file: "
                                   "domains.txt}}",
                                   quoted_excerpt(name.text()),
                                   visible_text(name.text())));
    }
    sort_once(list.patterns);
    const auto shared = std::make_shared<const AddressList>(std::move(list));
    reading_->lists.emplace(shared->name, shared);
  }

 private:
  void check_name(const YamlValue& name) {
    constexpr std::size_t kMaximumNameOctets = 128;
    const std::string& text = name.text();
    if (text.empty() || text.size() > kMaximumNameOctets || visible_text(text) != text ||
        text.contains('@') || text.contains('*')) {
      problems_->error(name.place(),
                       fmt::format("{} is no name for a list; use 1 to 128 octets without '@' and "
                                   "'*', like freemail",
                                   quoted_excerpt(text)));
    }
  }

  void read_mapping(AddressList& list, const YamlValue& value) {
    MappingReader mapping{value, *problems_};
    const auto file = mapping.string("file");
    const auto entries = mapping.scalars("entries");
    if (file.has_value()) {
      read_file(list, mapping, *file);
    }
    for (const YamlValue& entry : entries.value_or(std::vector<YamlValue>{})) {
      add(list, entry.text(), entry.place());
    }
    if (!mapping.value("file").has_value() && !mapping.value("entries").has_value()) {
      problems_->error(value.place(),
                       fmt::format("the list {} has neither 'file' nor 'entries'; add one",
                                   quoted_excerpt(list.name)));
    }
    mapping.finish();
  }

  void read_file(AddressList& list, MappingReader& mapping, const std::string& name) {
    const auto path = file_below(reading_->folder, name);
    if (!path.has_value()) {
      mapping.error("file",
                    fmt::format("{} is outside of the policy's folder; put the file beside "
                                "policy.yaml and name it from there",
                                quoted_excerpt(name)));
      return;
    }
    const auto text = read_configuration_file(*path, *problems_);
    if (!text.has_value()) {
      mapping.error("file",
                    fmt::format("the list {} cannot be read from {}; see the error about the file",
                                quoted_excerpt(list.name),
                                quoted_excerpt(name)));
      return;
    }
    add_lines(list, *text, path->string());
    reading_->files.push_back({.path = *path, .text = *text});
  }

  void add_lines(AddressList& list, std::string_view text, const std::string& file_name) {
    // Each wrong line is a problem of its own, so reading never stops.
    static_cast<void>(
        read_entry_lines(text, [&](std::size_t number, std::string_view line) -> Result<void> {
          add(list, line, {.file = file_name, .line = static_cast<int>(number), .column = 1});
          return {};
        }));
  }

  void add(AddressList& list, std::string_view text, const Place& place) {
    auto pattern = parse_list_entry(text);
    if (!pattern.has_value()) {
      problems_->error(place, std::move(pattern.error().message));
    } else if (list.patterns.size() == kMaximumListEntries) {
      problems_->error(place, "a list has at most 1,000,000 entries; split it");
    } else if (list.patterns.size() < kMaximumListEntries) {
      list.patterns.push_back(*std::move(pattern));
    }
  }

  PolicyReading* reading_;
  Problems* problems_;
};

std::vector<std::string_view> names_of(const AddressLists& lists) {
  const auto names = std::views::keys(lists);
  return {names.begin(), names.end()};
}

Result<std::string> no_such_list(const std::string& text, const AddressLists& lists) {
  const std::string_view nearest = nearest_word(text, names_of(lists));
  return fail(ErrorCode::kInvalidInput,
              fmt::format("{} is no address and none of the 'lists'; {}",
                          quoted_excerpt(text),
                          nearest.empty() ? "write ada@example.com, \"*@example.com\" or the name "
                                            "of a list"
                                          : fmt::format("did you mean '{}'?", nearest)));
}

}  // namespace

void read_lists(MappingReader& file, PolicyReading& reading, Problems& problems) {
  const auto value = file.value("lists");
  if (!value.has_value() || value->kind() == YamlValue::Kind::kNull) {
    return;
  }
  if (value->kind() != YamlValue::Kind::kMapping) {
    file.error("lists", "'lists' must name lists; write it like freemail: {file: domains.txt}");
    return;
  }
  ListReading lists{reading, problems};
  for (const auto& [name, list] : value->entries()) {
    lists.read(name, list);
  }
}

AddressPatterns read_address_patterns(MappingReader& mapping,
                                      std::string_view key,
                                      const AddressLists& lists,
                                      Problems& problems) {
  AddressPatterns patterns;
  for (const YamlValue& item : mapping.scalars(key).value_or(std::vector<YamlValue>{})) {
    if (const auto list = lists.find(item.text()); list != lists.end()) {
      patterns.lists.push_back(list->second);
      continue;
    }
    auto pattern =
        item.text().contains('@') ? parse_pattern(item.text()) : no_such_list(item.text(), lists);
    if (pattern.has_value()) {
      patterns.patterns.push_back(*std::move(pattern));
    } else {
      problems.error(item.place(), std::move(pattern.error().message));
    }
  }
  sort_once(patterns.patterns);
  return patterns;
}

std::vector<std::string> read_addresses(MappingReader& mapping,
                                        std::string_view key,
                                        Problems& problems) {
  std::vector<std::string> addresses;
  for (const YamlValue& item : mapping.scalars(key).value_or(std::vector<YamlValue>{})) {
    const std::string& text = item.text();
    auto address = text.contains('*')
                       ? Result<std::string>{fail(
                             ErrorCode::kInvalidInput,
                             fmt::format("'{}' lists addresses without '*', not {}; write "
                                         "ada@example.com",
                                         key,
                                         quoted_excerpt(text)))}
                       : parse_configured_address(text);
    if (address.has_value()) {
      addresses.push_back(*std::move(address));
    } else {
      problems.error(item.place(), std::move(address.error().message));
    }
  }
  sort_once(addresses);
  return addresses;
}

}  // namespace policy
