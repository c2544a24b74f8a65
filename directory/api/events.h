// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/principal.h"
#include "directory/detections/detections.h"
#include "directory/http/server.h"
#include "directory/jobs/jobs.h"
#include "directory/store/records.h"
#include "directory/task.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {

/// Something that has happened, for those who watch.
struct Event {
  std::string name;          ///< `job`, `notification`, `detection`
  std::string key;           ///< a later event of this name and key makes an unsent one needless
  std::string json;          ///< one line
  std::string organization;  ///< whose it is; empty for what is of the whole installation
};

/// Hands what happens to everybody who watches, as server-sent events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html). To be used on one thread.
class EventHub {
 public:
  /// What one watcher may be behind before its stream ends: it connects anew and reads the state.
  static constexpr std::size_t kMostWaiting = 256;

  explicit EventHub(Executor executor) : executor_(std::move(executor)) {}

  /// A stream of what happens from now on in organizations of the scope, with a comment line each
  /// 15 seconds so that nothing in between takes it for dead. Ends when `is_welcome` says no, which
  /// is asked before anything is sent.
  [[nodiscard]] std::shared_ptr<BodyStream> watch(OrganizationScope scope,
                                                  std::function<bool()> is_welcome);

  void publish(const Event& event);

 private:
  class Watcher;

  Executor executor_;
  std::vector<std::weak_ptr<Watcher>> watchers_;
};

/// Tells the hub from now on of each change of a job and of each notification. The hub must outlive
/// both.
void publish_changes(Jobs& jobs, Records& records, EventHub& events);

/// Tells the hub from now on of each new detection. The hub must outlive them.
void publish_detections(Detections& detections, EventHub& events);

}  // namespace directory
