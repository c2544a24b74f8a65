// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/evaluation/corpus.h"

#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/tools/judged_message.h"
#include "policy/config/problems.h"
#include "policy/mail_address.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/full_name.h"
#include "policy/name/nickname_table.h"
#include "policy/name/protected_name.h"
#include "policy/people/person.h"
#include "policy/verdict/detector.h"
#include "policy/verdict/policy.h"
#include "tests/support/memory_directory.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

std::vector<boost::json::object> read_rows(const std::filesystem::path& path) {
  std::ifstream file{path};
  if (!file) {
    throw std::runtime_error{"cannot open " + path.string()};
  }
  std::vector<boost::json::object> rows;
  std::string line;
  while (std::getline(file, line)) {
    rows.push_back(boost::json::parse(line).as_object());
  }
  return rows;
}

std::string text_of(const boost::json::object& row, std::string_view key) {
  const boost::json::string& text = row.at(key).as_string();
  return {text.data(), text.size()};
}

std::vector<std::string> texts_of(const boost::json::object& row, std::string_view key) {
  std::vector<std::string> texts;
  for (const boost::json::value& member : row.at(key).as_array()) {
    texts.emplace_back(member.as_string().data(), member.as_string().size());
  }
  return texts;
}

policy::Person protected_person(const std::string& name,
                                const std::vector<std::string>& addresses) {
  policy::Person person;
  person.name = name;
  person.other_names = policy::other_names(name, "", "");
  person.full_name = policy::full_name(name, "", "", policy::NicknameTable::built_in());
  for (const std::string& address : addresses) {
    person.addresses.push_back(policy::canonical_address(address));
  }
  person.id = person.addresses.front();
  return person;
}

Evaluation::Evaluation(std::string organization,
                       std::vector<std::string> domains,
                       const std::vector<policy::Person>& people) {
  policy::Problems problems;
  auto policy = policy::Policy::parse("version: 1\n", "policy.yaml", problems);
  if (!policy.has_value()) {
    throw std::runtime_error{problems.text()};
  }
  in_force_.policy = std::make_shared<const policy::Policy>(*std::move(policy));
  const policy::Organization contoso{.name = std::move(organization),
                                     .domains = std::move(domains),
                                     .groups = {},
                                     .directories = {"people"}};
  const std::shared_ptr<const policy::DecorationLexicon> lexicon{
      std::shared_ptr<void>{}, &policy::DecorationLexicon::built_in()};
  in_force_.detector = std::make_shared<const policy::Detector>(
      std::shared_ptr<const policy::DirectoryView>{make_memory_directory({contoso}, people)},
      lexicon);
}

gateway::Verdict Evaluation::judge(const std::string& header) const {
  gateway::ToldMessage message;
  message.header = header;
  return gateway::judge_told_message(message, in_force_, gateway::SessionSettings{}, nullptr)
      .verdict;
}

}  // namespace tests
