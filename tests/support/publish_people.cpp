// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/publish_people.h"

#include "directory/publish/publisher.h"
#include "policy/event.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

std::vector<policy::Organization> contoso() {
  return {{.name = "contoso",
           .domains = {"contoso.com"},
           .groups = {"Executives"},
           .directories = {"HR"}}};
}

std::vector<policy::Person> numbered_people(std::string_view prefix, std::size_t count) {
  std::vector<policy::Person> people;
  for (std::size_t i = 0; i < count; ++i) {
    policy::Person person;
    person.name = std::string{prefix} + " Number " + std::to_string(i);
    person.id = std::string{prefix} + std::to_string(i) + "@contoso.com";
    person.addresses = {person.id};
    people.push_back(std::move(person));
  }
  return people;
}

directory::GenerationContent content_of(std::vector<policy::Organization> organizations,
                                        std::vector<policy::Person> people) {
  directory::GenerationContent content;
  content.organizations = std::move(organizations);
  content.sources = {{.organization = "contoso", .directory = "HR", .synced = 1'790'000'000}};
  content.for_each_person =
      [people = std::move(people)](const directory::PersonVisitor& visit) -> policy::Result<void> {
    for (const policy::Person& person : people) {
      if (auto visited = visit(person); !visited.has_value()) {
        return visited;
      }
    }
    return {};
  };
  return content;
}

policy::Result<directory::Publication> publish_people(const std::filesystem::path& folder,
                                                      const std::vector<policy::Person>& people) {
  const policy::EventLog log{policy::LogLevel::kError, policy::LogFormat::kText};
  auto publisher = directory::Publisher::open(
      {.state = folder / "state", .snapshots = folder / "snapshots"}, log);
  if (!publisher.has_value()) {
    return std::unexpected{std::move(publisher).error()};
  }
  return publisher->publish(content_of(contoso(), people));
}

}  // namespace tests
