// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/failure.h"
#include "directory/graph/posture_queries.h"
#include "directory/posture/application_access.h"
#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/finding_updates.h"
#include "directory/posture/looks.h"
#include "directory/posture/posture_scan.h"
#include "directory/posture/scan_record.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <expected>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

constexpr std::string_view kPermission = "Application.Read.All";

// All pages of a list; `ask` gives the page behind a link.
template <typename Item, typename Ask>
Task<GraphResult<std::vector<Item>>> read_all(Ask ask) {
  std::vector<Item> items;
  std::string link;
  while (true) {
    GraphResult<PosturePage<Item>> page = co_await ask(std::move(link));
    if (!page.has_value()) {
      co_return std::unexpected{std::move(page).error()};
    }
    std::ranges::move(page->items, std::back_inserter(items));
    if (page->next_link.empty()) {
      break;
    }
    link = std::move(page->next_link);
  }
  co_return items;
}

template <typename Listing>
bool stops(const Listing& listing) {
  return !listing.has_value() && stops_scan(listing.error());
}

FindingSubject subject_of(const PostureApplication& application) {
  return {
      .type = SubjectType::kApplication, .id = application.id, .label = application.display_name};
}

FindingSubject subject_of(const PostureServicePrincipal& principal) {
  return {
      .type = SubjectType::kServicePrincipal, .id = principal.id, .label = principal.display_name};
}

// Whose permissions are asked for: the tenant's own applications, and other vendors'.
std::vector<std::string> asked_of(const std::vector<PostureServicePrincipal>& principals,
                                  const std::string& tenant) {
  std::vector<std::string> ids;
  for (const PostureServicePrincipal& principal : principals) {
    if (is_foreign(principal, tenant) || principal.owner_organization == tenant) {
      ids.push_back(principal.id);
    }
  }
  return ids;
}

// Everything that is listed; each list may have been refused.
struct Listings {
  GraphResult<std::vector<PostureApplication>> applications;
  GraphResult<std::vector<PostureServicePrincipal>> principals;
  GraphResult<std::vector<DelegatedGrant>> grants;
};

Task<Listings> read_listings(PostureQueries& graph) {
  Listings listings;
  const auto applications = [&](std::string link) { return graph.applications(std::move(link)); };
  const auto principals = [&](std::string link) {
    return graph.service_principals(std::move(link));
  };
  const auto grants = [&](std::string link) { return graph.delegated_grants(std::move(link)); };
  listings.applications = co_await read_all<PostureApplication>(applications);
  listings.principals = co_await read_all<PostureServicePrincipal>(principals);
  listings.grants = co_await read_all<DelegatedGrant>(grants);
  co_return listings;
}

// The failure that ends the scan, if there is one.
std::optional<GraphFailure> stop_of(const Listings& listings) {
  if (stops(listings.applications)) {
    return listings.applications.error();
  }
  if (stops(listings.principals)) {
    return listings.principals.error();
  }
  return stops(listings.grants) ? std::optional{listings.grants.error()} : std::nullopt;
}

Result<void> observe_applications(const std::vector<PostureApplication>& applications,
                                  const ApplicationAccess& access,
                                  const TenantContext& context,
                                  FindingUpdates& updates) {
  Result<void> observed;
  for (const PostureApplication& each : applications) {
    const ApplicationLook look{.application = each, .access = access.of_application(each.app_id)};
    observed = updates.observe(subject_of(each), evaluate(look, context));
    if (!observed.has_value()) {
      break;
    }
  }
  return observed;
}

Result<void> observe_principals(const std::vector<PostureServicePrincipal>& principals,
                                const ApplicationAccess& access,
                                const TenantContext& context,
                                FindingUpdates& updates) {
  Result<void> observed;
  for (const PostureServicePrincipal& each : principals) {
    if (!is_foreign(each, context.sync.id)) {
      continue;
    }
    const ServicePrincipalLook look{.principal = each, .access = access.of_principal(each.id)};
    observed = updates.observe(subject_of(each), evaluate(look, context));
    if (!observed.has_value()) {
      break;
    }
  }
  return observed;
}

}  // namespace

Task<Result<void>> PostureScan::scan_applications() {
  report("looking at applications");
  const Listings listings = co_await read_listings(*parts_.posture);
  if (auto stop = stop_of(listings); stop.has_value()) {
    co_return std::unexpected{to_error(*std::move(stop))};
  }
  ApplicationAccess access{*parts_.database, key_};
  if (listings.principals.has_value()) {
    access.add_principals(*listings.principals);
    const auto ids = asked_of(*listings.principals, context_.sync.id);
    const auto roles = co_await parts_.posture->app_role_grants(ids);
    if (stops(roles)) {
      co_return std::unexpected{to_error(roles.error())};
    }
    if (roles.has_value()) {
      access.add_role_grants(ids, *roles);
    }
  }
  if (listings.grants.has_value()) {
    access.add_grants(*listings.grants);
  } else {
    record_.notes.push_back("which services apps reach on behalf of users is not shown: " +
                            reason_of(listings.grants.error(), "Directory.Read.All"));
  }
  co_return take_applications(listings.applications, listings.principals, access);
}

Result<void> PostureScan::take_applications(
    const GraphResult<std::vector<PostureApplication>>& applications,
    const GraphResult<std::vector<PostureServicePrincipal>>& principals,
    const ApplicationAccess& access) {
  auto batch = updates();
  auto observed = applications.has_value()
                      ? observe_applications(*applications, access, context_, batch)
                      : observe_unread<ApplicationLook>(
                            "applications", reason_of(applications.error(), kPermission), batch);
  if (observed.has_value()) {
    // The tenant may be observed twice.
    observed = batch.commit();
  }
  if (observed.has_value()) {
    observed = principals.has_value()
                   ? observe_principals(*principals, access, context_, batch)
                   : observe_unread<ServicePrincipalLook>(
                         "service principals", reason_of(principals.error(), kPermission), batch);
  }
  if (observed.has_value()) {
    record_.phase = ScanPhase::kUsers;
    observed = batch.commit();
  }
  return observed;
}

}  // namespace directory
