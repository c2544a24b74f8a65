// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/api/events.h"
#include "directory/api/name_order.h"
#include "directory/detections/detections.h"
#include "directory/http/server.h"
#include "directory/jobs/jobs.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/messages/pull_control.h"
#include "directory/notify/notify_control.h"
#include "directory/people/group_memory.h"
#include "directory/posture/posture_control.h"
#include "directory/provisioning/connector_control.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/event.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace directory {

/// What the operations of the API work on. All of it must outlive the handler.
struct ApiServices {
  StateDatabase* database;
  DirectoryContent* content;
  Records* records;
  Jobs* jobs;
  SyncControl* control;
  EventHub* events;
  const Settings* settings;
  const Detections* detections = nullptr;  ///< null where directory.yaml names none
  std::filesystem::path
      folder;  ///< of directory.yaml; paths of added directories are relative to it
  AccessControl* access;
  DomainWatch* domain_watch;
  ConnectorControl* connectors = nullptr;  ///< null in tests of everything else
  PostureControl* posture = nullptr;       ///< null in tests of everything else
  NotifyControl* notify = nullptr;         ///< null in tests of everything else
  PullControl* pulls = nullptr;            ///< null in tests of everything else
  const policy::EventLog* log = nullptr;   ///< told of operations that fail inside; null: nobody is
  /// Groups of the lists that were asked for.
  std::shared_ptr<GroupMemory> groups = std::make_shared<GroupMemory>();
  /// People by name, made when somebody asks.
  std::shared_ptr<NameOrders> name_orders = std::make_shared<NameOrders>();
};

/// The group whose members may use the Unix socket, besides root and the daemon's own user.
inline constexpr const char* kApiGroup = "fromguard";

/// Serves /api/v1 on the Unix socket: JSON, errors as application/problem+json (RFC 9457). Whoever
/// the kernel does not name, or who may not, gets 403.
[[nodiscard]] HttpHandler make_socket_handler(const ApiServices& services);

/// Who asks, as whoever let the request in found out.
struct Caller {
  Principal principal;
  std::string secret;  ///< of the session or the token; empty without one
};

/// Carries out a request of the API for this caller.
using ApiEntrance = std::function<Task<ServedResponse>(ServedRequest, Caller)>;

/// /api/v1 for whoever has found out who asks.
[[nodiscard]] ApiEntrance make_api_entrance(const ApiServices& services);

/// Serves GET /oauth/callback alone: the page that an administrator comes back to after consenting.
[[nodiscard]] HttpHandler make_callback_handler(SyncControl& control);

}  // namespace directory
