// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authenticator.h"
#include "gateway/detections/detection_writer.h"
#include "gateway/in_force_source.h"
#include "gateway/metrics.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/detection_record/detection_record.h"
#include "policy/event.h"

#include <string_view>

namespace gateway {

/// What the daemon is to its sessions: gives them what is in force; logs, counts and keeps their
/// verdicts. Thread-safe; keeps references to what it is made with.
class GatewayHost final : public SessionHost {
 public:
  /// `detections` is null where none are kept.
  GatewayHost(const InForceSource& source,
              Authenticator& authenticator,
              DetectionWriter* detections,
              Metrics& metrics,
              const policy::EventLog& log)
      : source_(source),
        authenticator_(authenticator),
        detections_(detections),
        metrics_(metrics),
        log_(log) {}

  [[nodiscard]] InForce in_force() const override { return source_.get(); }

  [[nodiscard]] Authenticator* authenticator() override { return &authenticator_; }

  void report(const Verdict& verdict, const MessageRecord& message) override;

  void count_limit(std::string_view what) override { metrics_.count_limit(what); }

 private:
  void log_objection(const Verdict& verdict, const MessageRecord& message) const;
  void report_findings(const Verdict& verdict, const MessageRecord& message) const;
  void log_detection(const policy::DetectionRecord& record) const;
  void log_exceptions(const Verdict& verdict, const MessageRecord& message) const;
  void log_shadow(const Verdict& verdict, const MessageRecord& message) const;

  const InForceSource& source_;
  Authenticator& authenticator_;
  DetectionWriter* detections_;
  Metrics& metrics_;
  const policy::EventLog& log_;
};

}  // namespace gateway
