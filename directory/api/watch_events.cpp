// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/events.h"
#include "directory/api/record_json.h"
#include "directory/api/routes.h"
#include "directory/detections/detections.h"
#include "directory/jobs/jobs.h"
#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"

#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using Clock = std::chrono::steady_clock;

// A sync tells of each page; people who watch need no more than this.
constexpr auto kProgressPause = std::chrono::seconds{1};
constexpr auto kWelcomePause = std::chrono::seconds{10};

// Whether who watches may still do so: the account, session or token may be gone, or see less now.
// Looked up at times only, since it is asked before each piece of each stream.
class Welcome {
 public:
  Welcome(AccessControl& access, Principal principal)
      : access_(&access), principal_(std::move(principal)), asked_(Clock::now()) {}

  bool operator()() {
    const bool is_due = Clock::now() - asked_ >= kWelcomePause;
    if (principal_.means == Principal::Means::kSocket || !is_due) {
      return true;
    }
    asked_ = Clock::now();
    const auto rights = access_->accounts().rights_now(principal_);
    return rights.has_value() && rights->organizations == principal_.organizations;
  }

 private:
  AccessControl* access_;
  Principal principal_;
  Clock::time_point asked_;
};

ApiResult watch_events(const ApiServices& services, const ApiRequest& request) {
  Answer made;
  made.content_type = "text/event-stream";
  made.stream = services.events->watch(request.principal.organizations,
                                       Welcome{*services.access, request.principal});
  return made;
}

// Keeps what progress each job was told of last.
class ProgressPauses {
 public:
  // Whether this change of the job is to be told now.
  bool is_due(const Job& job) {
    const bool is_progress = job.state == JobState::kRunning && !job.is_cancelling && job.done > 0;
    const auto now = Clock::now();
    const auto last = told_.find(job.id);
    if (is_progress && last != told_.end() && now - last->second < kProgressPause) {
      return false;
    }
    told_[job.id] = now;
    if (job.state != JobState::kRunning) {
      told_.erase(job.id);
    }
    return true;
  }

 private:
  std::map<std::uint64_t, Clock::time_point> told_;
};

}  // namespace

void publish_changes(Jobs& jobs, Records& records, EventHub& events) {
  jobs.set_listener([&events, pauses = std::make_shared<ProgressPauses>()](const Job& job) {
    if (pauses->is_due(job)) {
      events.publish({.name = "job",
                      .key = std::to_string(job.id),
                      .json = boost::json::serialize(to_json(job)),
                      .organization = job.organization});
    }
  });
  records.set_notification_listener([&events](const Notification& notification) {
    events.publish({.name = "notification",
                    .key = std::to_string(notification.number),
                    .json = boost::json::serialize(to_json(notification)),
                    .organization = notification.organization});
  });
}

void publish_detections(Detections& detections, EventHub& events) {
  detections.listen([&events](const policy::DetectionRecord& record) {
    events.publish({.name = "detection",
                    .key = record.id.text(),
                    .json = policy::encode_detection(record),
                    .organization = record.organization});
  });
}

std::vector<Route> event_routes() {
  return {{Access::kRead, "GET", "events", &watch_events}};
}

}  // namespace directory
