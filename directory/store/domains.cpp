// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/domains.h"

#include "directory/store/audit_trail.h"
#include "directory/store/directory_key.h"
#include "directory/store/fields.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

using DomainsByName = std::map<std::string, ImportedDomain>;

// Who imports, in the audit log.
constexpr std::string_view kImporter = "fromguard-directory";

void name_fields(auto& fields, auto& domain) {
  fields.text("o", domain.source.organization);
  fields.text("d", domain.source.directory);
  fields.flag("def", domain.is_default);
  fields.flag("ini", domain.is_initial);
  fields.text("a", domain.authentication_type);
  fields.text("n", domain.next_hop);
  fields.text("v", domain.next_hop_override);
  fields.flag("r", domain.is_relay_enabled);
  fields.number("t", domain.seen);
  fields.flag("g", domain.is_gone);
}

Result<ImportedDomain> decode_domain(std::string_view key, std::string_view value) {
  ImportedDomain domain;
  domain.domain = split_key(key).front();
  FieldReader fields{value};
  name_fields(fields, domain);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return domain;
}

void put(StateBatch& batch, const ImportedDomain& domain) {
  FieldWriter fields;
  name_fields(fields, domain);
  batch.put(Table::kDomains, join_key({domain.domain}), fields.finish());
}

Result<DomainsByName> read_domains(const StateReader& reader) {
  DomainsByName domains;
  const auto read = reader.for_each(
      Table::kDomains, "", "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto domain = decode_domain(key, value);
        if (!domain.has_value()) {
          return std::unexpected{domain.error()};
        }
        std::string name = domain->domain;
        domains.emplace(std::move(name), std::move(*domain));
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return domains;
}

// For the audit log: what mail routing depends on.
std::string describe(const ImportedDomain& domain) {
  std::string text = domain.is_relay_enabled ? "relay enabled" : "relay disabled";
  if (!domain.next_hop.empty()) {
    text += ", next hop " + domain.next_hop;
  }
  if (!domain.next_hop_override.empty()) {
    text += ", next hop by operator " + domain.next_hop_override;
  }
  if (domain.is_gone) {
    text += ", gone from the tenant";
  }
  return text;
}

// What is imported now, with what people have decided of it before. A tenant that does not tell the
// next hop this time does not take away the one that is known.
ImportedDomain take_over(ImportedDomain imported, const ImportedDomain& known) {
  imported.is_relay_enabled = known.is_relay_enabled;
  imported.next_hop_override = known.next_hop_override;
  if (imported.next_hop.empty()) {
    imported.next_hop = known.next_hop;
  }
  return imported;
}

// Collects the records and audit entries of one import.
class DomainImport {
 public:
  DomainImport(DomainsByName known, AuditTrail trail) : known_(std::move(known)), trail_(trail) {}

  // False if another directory has the domain.
  bool take(ImportedDomain domain) {
    const auto known = known_.find(domain.domain);
    if (known == known_.end()) {
      domain.is_relay_enabled = false;
      domain.next_hop_override.clear();
      write(domain, "domain.import", "");
      known_.emplace(domain.domain, std::move(domain));
      return true;
    }
    if (known->second.source != domain.source) {
      return false;
    }
    const std::string before = describe(known->second);
    known->second = take_over(std::move(domain), known->second);
    write(known->second, "domain.change", before);
    return true;
  }

  // Marks those of the directory as gone that were not taken at this time.
  void mark_gone(const DirectoryKey& source, const std::set<std::string>& taken) {
    for (auto& [name, domain] : known_) {
      if (domain.source == source && !domain.is_gone && !taken.contains(name)) {
        const std::string before = describe(domain);
        domain.is_gone = true;
        write(domain, "domain.change", before);
      }
    }
  }

  [[nodiscard]] StateBatch finish() { return std::move(batch_); }

 private:
  void write(const ImportedDomain& domain, const std::string& action, const std::string& before) {
    put(batch_, domain);
    const std::string after = describe(domain);
    if (after != before) {
      trail_.add(batch_,
                 {.who = std::string{kImporter},
                  .action = action,
                  .subject = domain.domain,
                  .before = before,
                  .after = after,
                  .organization = domain.source.organization});
    }
  }

  DomainsByName known_;
  AuditTrail trail_;
  StateBatch batch_;
};

}  // namespace

Result<void> remove_domains_of(const StateReader& reader,
                               const DirectoryKey& source,
                               StateBatch& batch) {
  const auto domains = read_domains(reader);
  if (!domains.has_value()) {
    return std::unexpected{domains.error()};
  }
  for (const auto& [name, domain] : *domains) {
    if (domain.source == source) {
      batch.remove(Table::kDomains, join_key({name}));
    }
  }
  return {};
}

Result<std::vector<ImportedDomain>> Records::domains() const {
  auto domains = read_domains(*database_);
  if (!domains.has_value()) {
    return std::unexpected{domains.error()};
  }
  std::vector<ImportedDomain> list;
  list.reserve(domains->size());
  for (auto& [name, domain] : *domains) {
    list.push_back(std::move(domain));
  }
  return list;
}

Result<std::vector<std::string>> Records::import_domains(const DirectoryKey& source,
                                                         const std::vector<ImportedDomain>& domains,
                                                         std::int64_t now) {
  auto known = read_domains(*database_);
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  const auto trail = AuditTrail::open(*database_);
  if (!trail.has_value()) {
    return std::unexpected{trail.error()};
  }
  DomainImport import{std::move(*known), *trail};
  std::set<std::string> taken;
  std::vector<std::string> refused;
  for (ImportedDomain domain : domains) {
    domain.source = source;
    domain.seen = now;
    domain.is_gone = false;
    taken.insert(domain.domain);
    if (!import.take(domain)) {
      refused.push_back(domain.domain);
    }
  }
  import.mark_gone(source, taken);
  if (auto written = database_->commit(import.finish()); !written.has_value()) {
    return std::unexpected{written.error()};
  }
  return refused;
}

Result<void> Records::put_domain(const ImportedDomain& domain,
                                 const std::string& action,
                                 const Actor& actor) {
  const std::string key = join_key({domain.domain});
  const auto read = database_->get(Table::kDomains, key);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& known = *read;
  std::string before;
  if (known.has_value()) {
    const auto decoded = decode_domain(key, *known);
    if (!decoded.has_value()) {
      return std::unexpected{decoded.error()};
    }
    before = describe(*decoded);
  }
  StateBatch batch;
  put(batch, domain);
  return commit_audited(*database_,
                        std::move(batch),
                        {.who = actor.name,
                         .action = action,
                         .subject = domain.domain,
                         .before = std::move(before),
                         .after = describe(domain),
                         .organization = domain.source.organization});
}

}  // namespace directory
