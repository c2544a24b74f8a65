// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/detection_record/detection_record.h"

#include "policy/detection_record/ulid.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

namespace json = boost::json;

// Raised when readers of the older one would be misled; a member more does not need it.
constexpr std::uint64_t kSchema = 1;

struct TextMember {
  std::string_view name;
  std::string DetectionRecord::* text;
};

constexpr std::array kTexts{
    TextMember{.name = "organization", .text = &DetectionRecord::organization},
    TextMember{.name = "queue_id", .text = &DetectionRecord::queue_id},
    TextMember{.name = "message_id", .text = &DetectionRecord::message_id},
    TextMember{.name = "client", .text = &DetectionRecord::client},
    TextMember{.name = "helo", .text = &DetectionRecord::helo},
    TextMember{.name = "mail_from", .text = &DetectionRecord::mail_from},
    TextMember{.name = "from", .text = &DetectionRecord::from},
    TextMember{.name = "person", .text = &DetectionRecord::person},
    TextMember{.name = "address", .text = &DetectionRecord::address},
    TextMember{.name = "finding", .text = &DetectionRecord::finding},
    TextMember{.name = "match", .text = &DetectionRecord::match},
    TextMember{.name = "field", .text = &DetectionRecord::field},
    TextMember{.name = "reason", .text = &DetectionRecord::reason},
    TextMember{.name = "disposition", .text = &DetectionRecord::disposition},
    TextMember{.name = "action", .text = &DetectionRecord::action},
    TextMember{.name = "mode", .text = &DetectionRecord::mode},
    TextMember{.name = "rule", .text = &DetectionRecord::rule},
    TextMember{.name = "shadow_action", .text = &DetectionRecord::shadow_action},
    TextMember{.name = "shadow_rule", .text = &DetectionRecord::shadow_rule},
    TextMember{.name = "policy", .text = &DetectionRecord::policy},
    TextMember{.name = "authentication", .text = &DetectionRecord::authentication},
    TextMember{.name = "authenticated", .text = &DetectionRecord::authenticated},
};

struct ListMember {
  std::string_view name;
  std::vector<std::string> DetectionRecord::* texts;
  std::size_t most_items;
  std::size_t most_octets;
};

constexpr std::array kLists{
    ListMember{.name = "recipients",
               .texts = &DetectionRecord::recipients,
               .most_items = kMostRecipients,
               .most_octets = kMostRecordedAddressOctets},
    ListMember{.name = "shown",
               .texts = &DetectionRecord::shown,
               .most_items = kMostRecordedItems,
               .most_octets = kMostRecordedOctets},
    ListMember{.name = "reply_to",
               .texts = &DetectionRecord::reply_to,
               .most_items = kMostRecordedItems,
               .most_octets = kMostRecordedAddressOctets},
};

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Valid UTF-8 of at most so many octets.
std::string bounded(std::string_view text, std::size_t most) {
  constexpr std::size_t kMostContinued = 3;  // octets of a character behind its first
  std::size_t end = std::min(text.size(), most);
  const std::size_t least = end - std::min(end, kMostContinued);
  while (end < text.size() && end > least && continues_character(text[end])) {
    --end;
  }
  const std::string_view kept = text.substr(0, end);
  // Where escapes make it longer, once more.
  return first_invalid_utf8(kept).has_value() ? bounded(visible_text(kept), most)
                                              : std::string{kept};
}

json::array bounded_list(const std::vector<std::string>& texts, const ListMember& member) {
  json::array list;
  for (const std::string& text :
       std::span{texts}.first(std::min(texts.size(), member.most_items))) {
    list.emplace_back(bounded(text, member.most_octets));
  }
  return list;
}

json::array noted_list(const std::vector<NotedMatch>& noted) {
  json::array list;
  for (const NotedMatch& each :
       std::span{noted}.first(std::min(noted.size(), kMostRecordedItems))) {
    json::object object;
    object["finding"] = bounded(each.finding, kMostRecordedOctets);
    object["match"] = bounded(each.match, kMostRecordedOctets);
    object["reason"] = bounded(each.reason, kMostRecordedOctets);
    list.emplace_back(std::move(object));
  }
  return list;
}

// Reads members of one object; the first that is wrong makes it fail for good.
class MemberReader {
 public:
  MemberReader(const json::object& object, bool& failed) : object_(object), failed_(failed) {}

  std::string text(std::string_view name, std::size_t most = kMostRecordedOctets) {
    const json::value* found = object_.if_contains(name);
    return found == nullptr ? std::string{} : text_of(*found, most);
  }

  std::string required_text(std::string_view name) {
    std::string read = text(name);
    failed_ = failed_ || read.empty();
    return read;
  }

  std::vector<std::string> texts(const ListMember& member) {
    std::vector<std::string> read;
    for_each(member.name, member.most_items, [&](const json::value& item) {
      read.push_back(text_of(item, member.most_octets));
    });
    return read;
  }

  template <typename Visit>
  void for_each(std::string_view name, std::size_t most_items, Visit visit) {
    const json::value* found = object_.if_contains(name);
    if (found == nullptr) {
      return;
    }
    const json::array* array = found->if_array();
    if (array == nullptr || array->size() > most_items) {
      failed_ = true;
      return;
    }
    for (const json::value& item : *array) {
      visit(item);
    }
  }

  template <typename Number>
  Number number(std::string_view name) {
    const json::value* found = object_.if_contains(name);
    boost::system::error_code error;
    // A double is no number of ours, even where it is a whole one.
    const bool is_whole = found != nullptr && (found->is_int64() || found->is_uint64());
    const Number read = is_whole ? found->to_number<Number>(error) : Number{};
    failed_ = failed_ || !is_whole || error.failed();
    return read;
  }

  bool boolean(std::string_view name) {
    const json::value* found = object_.if_contains(name);
    failed_ = failed_ || (found != nullptr && !found->is_bool());
    return found != nullptr && found->is_bool() && found->get_bool();
  }

 private:
  std::string text_of(const json::value& value, std::size_t most) {
    const json::string* text = value.if_string();
    if (text == nullptr || text->size() > most) {
      failed_ = true;
      return {};
    }
    return std::string{*text};
  }

  const json::object& object_;
  bool& failed_;
};

NotedMatch read_noted(const json::value& value, bool& failed) {
  const json::object* object = value.if_object();
  if (object == nullptr) {
    failed = true;
    return {};
  }
  MemberReader reader{*object, failed};
  NotedMatch noted;
  noted.finding = reader.text("finding");
  noted.match = reader.text("match");
  noted.reason = reader.text("reason");
  return noted;
}

}  // namespace

std::string encode_detection(const DetectionRecord& record) {
  json::object object;
  object["schema"] = kSchema;
  object["id"] = record.id.text();
  object["time"] = record.time;
  for (const auto& [name, text] : kTexts) {
    object[name] = bounded(record.*text, kMostRecordedOctets);
  }
  for (const ListMember& member : kLists) {
    object[member.name] = bounded_list(record.*member.texts, member);
  }
  object["recipient_count"] = record.recipient_count;
  object["decides"] = record.decides;
  object["generation"] = record.generation;
  object["noted"] = noted_list(record.noted);
  return json::serialize(object);
}

Result<DetectionRecord> decode_detection(std::string_view octets) {
  if (octets.size() > kMostEncodedOctets) {
    return fail(ErrorCode::kInvalidInput, "a detection is too large");
  }
  boost::system::error_code error;
  const json::value value = json::parse({octets.data(), octets.size()}, error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) {
    return fail(ErrorCode::kInvalidInput, "a detection is no JSON object");
  }
  bool failed = false;
  MemberReader reader{*object, failed};
  if (reader.number<std::uint64_t>("schema") != kSchema) {
    return fail(ErrorCode::kInvalidInput, "a detection is of another schema");
  }
  DetectionRecord record;
  const auto id = Ulid::parse(reader.required_text("id"));
  failed = failed || !id.has_value();
  record.id = id.value_or(Ulid{});
  record.time = reader.number<std::int64_t>("time");
  for (const auto& [name, text] : kTexts) {
    record.*text = reader.text(name);
  }
  for (const ListMember& member : kLists) {
    record.*member.texts = reader.texts(member);
  }
  record.recipient_count = reader.number<std::uint64_t>("recipient_count");
  record.decides = reader.boolean("decides");
  record.generation = reader.number<std::uint64_t>("generation");
  reader.for_each("noted", kMostRecordedItems, [&](const json::value& item) {
    record.noted.push_back(read_noted(item, failed));
  });
  if (failed || record.organization.empty() || record.finding.empty()) {
    return fail(ErrorCode::kInvalidInput, "a detection has a member that is wrong or absent");
  }
  return record;
}

}  // namespace policy
