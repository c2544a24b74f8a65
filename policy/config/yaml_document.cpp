// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/yaml_document.h"

#include "policy/config/problems.h"
#include "policy/config/yaml_source.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {

struct YamlValue::Data {
  Kind kind = Kind::kNull;
  bool is_quoted = false;
  Place place;
  std::string text;
  std::vector<YamlValue> items;
  std::vector<std::pair<YamlValue, YamlValue>> entries;
  std::size_t nodes = 1;   // of this one and all below, aliases counted as if written out
  std::size_t height = 1;  // levels from this one down
};

namespace {

using Kind = YamlValue::Kind;
using Data = YamlValue::Data;

// Thrown by the tree builder to leave yaml-cpp where going on is useless; caught in parse_yaml.
struct StopParsing {
  Place place;
  std::string why;
};

// Builds the tree from yaml-cpp's events. Its own Node class is not used: it accepts duplicate
// keys, and knows neither quotes nor budgets.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const std::string& file_name, Problems& problems)
      : text_(text), places_(text, file_name), problems_(&problems) {}

  [[nodiscard]] const std::shared_ptr<const Data>& root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_) {
      stop(mark, "a second document begins here; keep one document in a file");
    }
    has_document_ = true;
  }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = make(Kind::kNull, mark);
    // yaml-cpp places what is missing at whatever comes next.
    const YamlValue* const key = waiting_key();
    node->place = key != nullptr ? key->place() : places_.at(item_offset(mark));
    add(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = make(Kind::kScalar, mark);
    node->text = value;
    // yaml-cpp gives a scalar in quotes, and a block scalar, the non-specific tag "!".
    node->is_quoted = tag == "!";
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      stop(mark, "an alias stands inside of what it is an alias for; write the value out");
    }
    const auto& target = *found->second;
    alias_nodes_ += target.nodes;
    if (alias_nodes_ > kMaximumYamlAliasNodes) {
      stop(mark, "the aliases up to here stand for over 10,000 values; write them out");
    }
    check_depth(mark, target.height);
    count(mark, target.nodes);
    auto copy = std::make_shared<Data>(target);
    copy->place = place(mark);
    add(std::move(copy), YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& /*tag*/,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(Kind::kSequence, mark), anchor);
  }

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& /*tag*/,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(Kind::kMapping, mark), anchor);
  }

  void OnMapEnd() override { close(); }

 private:
  // A sequence or mapping that is being read.
  struct Open {
    std::shared_ptr<Data> node;
    YAML::anchor_t anchor;
    std::optional<YamlValue> key;                     // of a mapping, waiting for its value
    std::unordered_map<std::string_view, int> lines;  // of the keys so far
  };

  Place place(const YAML::Mark& mark) {
    return places_.at(static_cast<std::size_t>(std::max(mark.pos, 0)));
  }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string text) {
    throw StopParsing{.place = place(mark), .why = std::move(text)};
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > kMaximumYamlNodes) {
      stop(mark, "over 1,000,000 values; make the file smaller");
    }
  }

  void check_depth(const YAML::Mark& mark, std::size_t height) {
    if (open_.size() + height > kMaximumYamlDepth) {
      stop(mark, "nested over 64 levels deep; write it flatter");
    }
  }

  // The key whose value comes next; null if it is no value of a mapping.
  [[nodiscard]] const YamlValue* waiting_key() const {
    if (open_.empty()) {
      return nullptr;
    }
    const std::optional<YamlValue>& key = open_.back().key;
    return key.has_value() ? &*key : nullptr;
  }

  // The sign before an item that is missing, as long as it is beyond the last place.
  [[nodiscard]] std::size_t item_offset(const YAML::Mark& mark) const {
    const auto next = static_cast<std::size_t>(std::max(mark.pos, 0));
    const std::string_view after = text_.substr(std::min(next, text_.size()));
    const std::size_t sign =
        next == 0 ? std::string_view::npos : text_.find_last_not_of(" \t\r\n", next - 1);
    const bool is_written = after.starts_with('~') || after.starts_with("null") ||
                            after.starts_with("Null") || after.starts_with("NULL");
    const bool has_sign =
        sign != std::string_view::npos && std::string_view{"-[,"}.contains(text_[sign]);
    return !is_written && has_sign && sign >= places_.offset() ? sign : next;
  }

  std::shared_ptr<Data> make(Kind kind, const YAML::Mark& mark) {
    check_depth(mark, 1);
    count(mark, 1);
    check_source(mark);
    auto node = std::make_shared<Data>();
    node->kind = kind;
    if (kind != Kind::kNull) {
      node->place = place(mark);
    }
    return node;
  }

  // yaml-cpp loses the tags of empty values, cannot tell `! x` from "x" and takes the end of the
  // text for a closing quote: the text is asked. A mapping begins where its first key does, so
  // what is wrong there would be seen twice.
  void check_source(const YAML::Mark& mark) {
    const std::size_t at = skip_anchor(text_, static_cast<std::size_t>(std::max(mark.pos, 0)));
    if (at >= text_.size() || at == last_refused_) {
      return;
    }
    if (text_[at] == '!') {
      last_refused_ = at;
      problems_->error(places_.at(at),
                       "tags are not allowed; write the value alone, in quotes if it begins with "
                       "'!'");
    } else if ((text_[at] == '"' || text_[at] == '\'') && !is_quote_closed(text_, at)) {
      last_refused_ = at;
      problems_->error(places_.at(at), "this quote is never closed; close it");
    }
  }

  void open(std::shared_ptr<Data> node, YAML::anchor_t anchor) {
    open_.push_back({.node = std::move(node), .anchor = anchor, .key = {}, .lines = {}});
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.anchor);
  }

  void add(std::shared_ptr<Data> node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    parent.node->nodes += node->nodes;
    parent.node->height = std::max(parent.node->height, node->height + 1);
    YamlValue value{std::move(node)};
    if (parent.node->kind == Kind::kSequence) {
      parent.node->items.push_back(std::move(value));
    } else if (!parent.key.has_value()) {
      check_key(parent, value);
      parent.key = std::move(value);
    } else {
      parent.node->entries.emplace_back(*std::move(parent.key), std::move(value));
      parent.key.reset();
    }
  }

  void check_key(Open& mapping, const YamlValue& key) {
    if (key.kind() != Kind::kScalar) {
      problems_->error(key.place(), "a key must be a text; put it in quotes");
      return;
    }
    if (key.text() == "<<" && !key.is_quoted()) {
      problems_->error(key.place(), "merge keys ('<<') are not allowed; write the keys out");
      return;
    }
    const auto [first, is_new] = mapping.lines.try_emplace(key.text(), key.place().line);
    if (!is_new) {
      problems_->error(key.place(),
                       fmt::format("the key {} is already given in line {}; give it once",
                                   quoted_excerpt(key.text()),
                                   first->second));
    }
  }

  std::string_view text_;
  PlaceFinder places_;
  Problems* problems_;
  std::shared_ptr<const Data> root_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, std::shared_ptr<const Data>> anchors_;
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;
  std::size_t last_refused_ = std::string_view::npos;
  bool has_document_ = false;
};

void parse_documents(std::string_view text, TreeBuilder& builder) {
  std::istringstream stream{std::string{text}};
  YAML::Parser parser{stream};
  while (parser.HandleNextDocument(builder)) {
  }
}

}  // namespace

YamlValue::Kind YamlValue::kind() const {
  return data_->kind;
}

const Place& YamlValue::place() const {
  return data_->place;
}

const std::string& YamlValue::text() const {
  return data_->text;
}

bool YamlValue::is_quoted() const {
  return data_->is_quoted;
}

const std::vector<YamlValue>& YamlValue::items() const {
  return data_->items;
}

const std::vector<std::pair<YamlValue, YamlValue>>& YamlValue::entries() const {
  return data_->entries;
}

std::optional<YamlValue> parse_yaml(std::string_view text,
                                    const std::string& file_name,
                                    Problems& problems) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  Problems found;
  if (!check_yaml_text(text, file_name, problems)) {
    return std::nullopt;
  }
  TreeBuilder builder{text, file_name, found};
  try {
    parse_documents(text, builder);
  } catch (const StopParsing& stop) {
    found.error(stop.place, stop.why);
  } catch (const YAML::Exception& exception) {
    const int offset = std::max(exception.mark.pos, 0);
    found.error(PlaceFinder{text, file_name}.at(static_cast<std::size_t>(offset)),
                fmt::format("this is no valid YAML ({}); check indentation, colons, quotes and "
                            "brackets here and just before",
                            exception.msg));
  } catch (const std::exception& exception) {
    found.error(
        {.file = file_name},
        fmt::format("the file cannot be read as YAML ({}); make it simpler", exception.what()));
  }
  problems.append(found);
  if (found.has_errors()) {
    return std::nullopt;
  }
  if (builder.root() == nullptr) {
    auto empty = std::make_shared<Data>();
    empty->kind = Kind::kMapping;
    empty->place = {.file = file_name, .line = 1, .column = 1};
    return YamlValue{std::move(empty)};
  }
  return YamlValue{builder.root()};
}

}  // namespace policy
