// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/address_reading.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/rule_reading.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

using std::chrono::sys_days;

constexpr auto kWarnedBefore = std::chrono::days{30};

std::optional<unsigned> read_digits(std::string_view text) {
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = failed == std::errc{} && end == text.data() + text.size();
  return is_number ? std::optional{number} : std::nullopt;
}

// A day as ISO 8601 writes it, 2027-03-31.
std::optional<sys_days> read_day(std::string_view text) {
  constexpr std::size_t kOctets = 10;
  if (text.size() != kOctets || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = read_digits(text.substr(0, 4));
  const auto month = read_digits(text.substr(5, 2));
  const auto day = read_digits(text.substr(8, 2));
  if (!year.has_value() || !month.has_value() || !day.has_value()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                         std::chrono::month{*month},
                                         std::chrono::day{*day}};
  return date.ok() ? std::optional<sys_days>{date} : std::nullopt;
}

std::string iso_day(sys_days day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

class ExceptionReading {
 public:
  ExceptionReading(const AddressLists& lists, sys_days today, Problems& problems)
      : lists_(&lists), today_(today), problems_(&problems) {}

  PolicyException read(const YamlValue& value) {
    MappingReader reader{value, *problems_};
    PolicyException exception;
    exception.name = read_name(reader, "an exception");
    exception.place = value.place();
    exception.subject = read_subject(reader);
    reader.require("from");
    exception.from = read_address_patterns(reader, "from", *lists_, *problems_);
    exception.authenticated = reader.boolean("authenticated").value_or(true);
    exception.owner = read_text(reader, "owner", "who answers for it");
    exception.reason = read_text(reader, "reason", "why it is needed");
    exception.expires = read_expiry(reader);
    warn_of_whole_domains(reader, exception);
    reader.finish();
    return exception;
  }

 private:
  ExceptionSubject read_subject(MappingReader& reader) {
    ExceptionSubject subject;
    const auto person = reader.value("person");
    const auto group = reader.value("group");
    const auto anyone = reader.value("anyone");
    const auto given = static_cast<int>(person.has_value()) + static_cast<int>(group.has_value()) +
                       static_cast<int>(anyone.has_value());
    if (given != 1) {
      problems_->error(reader.place(),
                       "an exception is for one person, one group or anyone; write one of "
                       "'person: ada@example.com', 'group: Executives', 'anyone: true'");
      return subject;
    }
    if (person.has_value()) {
      subject.person = read_person(reader);
    } else if (group.has_value()) {
      subject.group = fold_case(read_text(reader, "group", "the group's name"));
    } else if (!reader.boolean("anyone").value_or(true)) {
      reader.error("anyone", "'anyone' can only be true; use 'person' or 'group' otherwise");
    } else {
      subject.anyone = true;
    }
    return subject;
  }

  static std::string read_person(MappingReader& reader) {
    const auto text = reader.string("person");
    if (!text.has_value()) {
      return {};
    }
    auto address = parse_configured_address(*text);
    if (!address.has_value()) {
      reader.error("person", std::move(address.error().message));
      return {};
    }
    return *std::move(address);
  }

  static std::string read_text(MappingReader& reader, std::string_view key, std::string_view what) {
    constexpr std::size_t kMaximumOctets = 1000;
    reader.require(key);
    auto text = reader.string(key);
    if (!text.has_value()) {
      return {};
    }
    if (text->empty() || text->size() > kMaximumOctets) {
      reader.error(key, fmt::format("'{}' must have 1 to 1,000 octets; write {}", key, what));
    }
    return *std::move(text);
  }

  std::optional<sys_days> read_expiry(MappingReader& reader) const {
    const auto text = reader.string("expires");
    if (!text.has_value()) {
      return std::nullopt;
    }
    const auto day = read_day(*text);
    if (!day.has_value()) {
      reader.error("expires",
                   fmt::format("'expires' cannot be {}; write a day like 2027-03-31",
                               quoted_excerpt(*text)));
    } else if (*day < today_) {
      reader.warning("expires",
                     fmt::format("this exception has expired on {} and is off; renew or remove it",
                                 iso_day(*day)));
    } else if (*day < today_ + kWarnedBefore) {
      reader.warning("expires",
                     fmt::format("this exception expires on {}; renew it if it is still needed",
                                 iso_day(*day)));
    }
    return day;
  }

  static void warn_of_whole_domains(MappingReader& reader, const PolicyException& exception) {
    const auto is_domain = [](const std::string& pattern) { return pattern.starts_with("*@"); };
    const bool has_domain = std::ranges::any_of(exception.from.patterns, is_domain) ||
                            std::ranges::any_of(exception.from.lists, [&](const auto& list) {
                              return std::ranges::any_of(list->patterns, is_domain);
                            });
    if (!exception.authenticated && has_domain) {
      reader.warning("authenticated",
                     "anybody who forges an address of the domain may show the name; leave out "
                     "'authenticated: false', or list single addresses");
    }
  }

  const AddressLists* lists_;
  sys_days today_;
  Problems* problems_;
};

bool covers_subject(const ExceptionSubject& one, const ExceptionSubject& other) {
  return one.anyone || (!one.person.empty() && one.person == other.person) ||
         (!one.group.empty() && one.group == other.group);
}

// Whether the earlier one holds whenever the later one does.
bool covers(const PolicyException& earlier, const PolicyException& later) {
  const bool lasts = !earlier.expires.has_value() ||
                     (later.expires.has_value() && *later.expires <= *earlier.expires);
  return lasts && (!earlier.authenticated || later.authenticated) &&
         covers_subject(earlier.subject, later.subject) &&
         cover_addresses(earlier.from, later.from);
}

void check_reach(const std::vector<PolicyException>& exceptions, Problems& problems) {
  for (auto later = exceptions.begin(); later != exceptions.end(); ++later) {
    const auto earlier = std::find_if(exceptions.begin(), later, [&](const auto& candidate) {
      return covers(candidate, *later);
    });
    if (earlier != later) {
      problems.error(
          later->place,
          fmt::format("the exception {} can never be reached: the exception {} in line {} covers "
                      "all that it would; remove one of them",
                      quoted_excerpt(later->name),
                      quoted_excerpt(earlier->name),
                      earlier->place.line));
    }
  }
}

}  // namespace

std::vector<PolicyException> read_exceptions(MappingReader& file,
                                             const AddressLists& lists,
                                             sys_days today,
                                             Problems& problems) {
  const auto items = read_named_items(file, "exceptions", kMaximumExceptions);
  Problems found;
  ExceptionReading reading{lists, today, found};
  std::vector<PolicyException> exceptions;
  exceptions.reserve(items.size());
  NamesInUse names{"an exception"};
  for (const YamlValue& item : items) {
    exceptions.push_back(reading.read(item));
    names.add(exceptions.back().name, exceptions.back().place, found);
  }
  // Of one that was refused nobody knows what it covers.
  if (!found.has_errors()) {
    check_reach(exceptions, found);
  }
  problems.append(found);
  return exceptions;
}

}  // namespace policy
