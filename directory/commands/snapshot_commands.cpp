// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"
#include "directory/commands/text_table.h"
#include "directory/publish/published_generation.h"
#include "policy/exit_status.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using policy::ExitStatus;

// The generation in force, checked as its readers check it.
std::optional<PublishedGeneration> open_current(AdminSession& session) {
  const auto folder = current_folder(session.settings().snapshots);
  if (!folder.has_value()) {
    session.fail(ExitStatus::kNoInput,
                 "no generation is in force in " + session.settings().snapshots.string() +
                     "; publish one: fromguard-directory run");
    return std::nullopt;
  }
  auto opened = PublishedGeneration::open(*folder);
  if (!opened.has_value()) {
    session.fail(policy::exit_status_of(opened.error().code),
                 folder->string() + ": " + opened.error().message);
    return std::nullopt;
  }
  return *std::move(opened);
}

json::object to_json(const policy::Manifest& manifest) {
  json::array organizations;
  for (const auto& each : manifest.organizations) {
    organizations.emplace_back(json::object{{"name", each.name}, {"people", each.people}});
  }
  json::array sources;
  for (const auto& each : manifest.sources) {
    sources.emplace_back(json::object{{"organization", each.organization},
                                      {"directory", each.directory},
                                      {"synced", each.synced}});
  }
  return {{"generation", manifest.generation},
          {"published", manifest.published},
          {"people", manifest.records.people},
          {"names", manifest.records.names},
          {"addresses", manifest.records.addresses},
          {"content_sha256", manifest.content_digest},
          {"organizations", std::move(organizations)},
          {"sources", std::move(sources)}};
}

}  // namespace

void snapshot_info(AdminSession& session, const AdminOptions& options) {
  const auto generation = open_current(session);
  if (!generation.has_value()) {
    return;
  }
  const policy::Manifest& manifest = generation->manifest();
  if (options.has("json")) {
    fmt::print("{}\n", json::serialize(to_json(manifest)));
    return;
  }
  fmt::print("generation {}, published {}: {} people, {} names, {} addresses\n",
             manifest.generation,
             shown_time(manifest.published),
             manifest.records.people,
             manifest.records.names,
             manifest.records.addresses);
  for (const auto& source : manifest.sources) {
    print_line(source.organization + "/" + source.directory + ": synced " +
               shown_time(source.synced));
  }
}

void snapshot_verify(AdminSession& session, const AdminOptions& options) {
  const auto generation = open_current(session);
  if (!generation.has_value()) {
    return;
  }
  if (const auto verified = generation->verify_thoroughly(); !verified.has_value()) {
    session.fail(policy::exit_status_of(verified.error().code), verified.error().message);
    return;
  }
  const auto number = generation->manifest().generation;
  if (options.has("json")) {
    fmt::print("{}\n", json::serialize(json::object{{"generation", number}, {"sound", true}}));
  } else {
    fmt::print("generation {} is sound\n", number);
  }
}

}  // namespace directory
