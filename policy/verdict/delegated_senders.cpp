// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/delegated_senders.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"
#include "policy/verdict/built_in_delegated_senders.h"
#include "policy/verdict/consumer_mail.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

constexpr std::size_t kMaximumNameOctets = 128;
constexpr std::string_view kWholeDomain = "*@";

Result<std::string> read_whole_domain(std::string_view domain) {
  auto canonical = parse_configured_domain(domain);
  if (!canonical.has_value()) {
    return canonical;
  }
  if (!canonical->contains('.')) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("'*@{}' is a whole top-level domain; write the service's own, as in "
                            "*@example.com",
                            *canonical));
  }
  if (is_consumer_mail_domain(*canonical)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("anybody can get an address at {}; list the service's own addresses",
                            *canonical));
  }
  return std::string{kWholeDomain} + *std::move(canonical);
}

Result<std::string> read_sender(std::string_view text) {
  if (text.starts_with(kWholeDomain)) {
    return read_whole_domain(text.substr(kWholeDomain.size()));
  }
  if (text.contains('*')) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} has a * where none may be; write name@example.com for one address "
                            "or *@example.com for a whole domain",
                            quoted_excerpt(text)));
  }
  return parse_configured_address(text);
}

void read_version(MappingReader& file) {
  constexpr std::uint64_t kVersion = 1;
  file.require("version");
  const auto version = file.integer("version");
  if (version.has_value() && *version != kVersion) {
    file.error("version",
               fmt::format("version {} is not known; this program reads 'version: 1'", *version));
  }
}

std::string read_name(MappingReader& service) {
  service.require("name");
  auto name = service.string("name");
  if (!name.has_value()) {
    return {};
  }
  if (name->empty() || name->size() > kMaximumNameOctets || visible_text(*name) != *name) {
    service.error("name", "a service's name must be visible text of 1 to 128 octets");
  }
  return *std::move(name);
}

// Reads services one by one, and knows where each name and sender stood first.
class ServiceReader {
 public:
  explicit ServiceReader(Problems& problems) : problems_(problems) {}

  DelegatedService read(const YamlValue& value) {
    MappingReader reader{value, problems_};
    DelegatedService service{.name = read_name(reader), .senders = {}};
    refuse_second(names_, service.name, reader.place_of("name"), "the service");
    reader.require("senders");
    for (const YamlValue& item : reader.scalars("senders").value_or(std::vector<YamlValue>{})) {
      auto sender = read_sender(item.text());
      if (!sender.has_value()) {
        problems_.error(item.place(), sender.error().message);
        continue;
      }
      refuse_second(senders_, *sender, item.place(), "the sender");
      service.senders.push_back(*std::move(sender));
    }
    reader.finish();
    return service;
  }

 private:
  using Lines = std::map<std::string, int, std::less<>>;

  void refuse_second(Lines& lines,
                     const std::string& text,
                     const Place& place,
                     std::string_view what) {
    const auto [first, is_new] = lines.try_emplace(text, place.line);
    if (!is_new && !text.empty()) {
      problems_.error(place,
                      fmt::format("{} {} is in line {} already; remove one of them",
                                  what,
                                  quoted_excerpt(text),
                                  first->second));
    }
  }

  Problems& problems_;
  Lines names_;
  Lines senders_;
};

std::vector<DelegatedService> read_services(MappingReader& file, Problems& problems) {
  file.require("services");
  const auto value = file.value("services");
  if (!value.has_value() || value->kind() == YamlValue::Kind::kNull) {
    return {};
  }
  if (value->kind() != YamlValue::Kind::kSequence) {
    file.error("services", "'services' must be a list; begin each service with '- name:'");
    return {};
  }
  ServiceReader reader{problems};
  std::vector<DelegatedService> services;
  services.reserve(value->items().size());
  for (const YamlValue& item : value->items()) {
    services.push_back(reader.read(item));
  }
  return services;
}

}  // namespace

std::optional<DelegatedSenders> DelegatedSenders::parse(std::string_view text,
                                                        const std::string& file_name,
                                                        Problems& problems) {
  Problems found;
  DelegatedSenders catalogue;
  if (const auto root = parse_yaml(text, file_name, found); root.has_value()) {
    MappingReader file{*root, found};
    read_version(file);
    catalogue.services_ = read_services(file, found);
    file.finish();
  }
  problems.append(found);
  if (found.has_errors()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < catalogue.services_.size(); ++i) {
    for (const std::string& sender : catalogue.services_[i].senders) {
      catalogue.service_of_sender_.emplace(sender, i);
    }
  }
  return catalogue;
}

const DelegatedSenders& DelegatedSenders::built_in() {
  static const DelegatedSenders catalogue = [] {
    Problems problems;
    auto parsed = parse(kBuiltInDelegatedSenders, "conf/delegated-senders.yaml", problems);
    if (!parsed.has_value()) {
      throw std::logic_error{problems.text()};
    }
    return *std::move(parsed);
  }();
  return catalogue;
}

const DelegatedService* DelegatedSenders::find(std::string_view canonical_address) const {
  auto found = service_of_sender_.find(canonical_address);
  if (found == service_of_sender_.end()) {
    const std::string_view domain = domain_of(canonical_address);
    found = service_of_sender_.find(std::string{kWholeDomain} + std::string{domain});
  }
  return found == service_of_sender_.end() ? nullptr : &services_[found->second];
}

}  // namespace policy
