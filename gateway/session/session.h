// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authenticator.h"
#include "gateway/message/message_fields.h"
#include "gateway/relay_guards/loop_guard.h"
#include "gateway/relay_guards/relay_objection.h"
#include "gateway/relay_guards/tenant_guard.h"
#include "gateway/session/enforcement.h"
#include "gateway/session/judge.h"
#include "gateway/session/kept_header.h"
#include "gateway/session/recipient_list.h"
#include "gateway/session/verdict.h"
#include "policy/ip_address.h"
#include "policy/networks.h"
#include "policy/people/person.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "policy/verdict/policy.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What every session is told by gateway.yaml. Constant while sessions live.
struct SessionSettings {
  policy::Networks trusted_networks;
  bool inspect_authenticated = false;
  DegradedActions degraded;
  std::string authserv_id;  ///< of our Authentication-Results; empty: the MTA's own name
  /// Whose sessions carry outbound mail of tenants, by the MTA's macro {daemon_name}; empty: none.
  std::string outbound_daemon;
  LoopGuardSettings loop_guard;
  std::size_t header_octets = std::size_t{1024} * 1024;  ///< of all fields of a message together
  std::size_t from_octets = std::size_t{64} * 1024;      ///< of all From fields together
  std::size_t recipients = 100'000;  ///< of a message; one with more is not judged
};

/// What is known of a message beside its verdict, for the log and the record of a finding.
struct MessageRecord {
  /// The texts that clients may show of one field.
  struct Shown {
    policy::SenderFieldName field = policy::SenderFieldName::kFrom;
    std::vector<std::string> texts;  ///< decoded; 16 at most, each cut at 1,000 octets
  };

  std::string queue_id;  ///< empty until the MTA has given one
  std::string client;    ///< address of the client, as the MTA told it
  std::string helo;      ///< what the client called itself
  std::string mail_from;
  std::vector<std::string> recipients;  ///< with a finding alone, else empty
  /// Of each recipient, whose it is.
  std::vector<std::optional<policy::OrganizationNumber>> recipient_organizations;
  std::vector<Shown> shown;  ///< of each field with a finding, once
  std::string message_id;
  std::string from;                   ///< the first From field as received, cut at 1,000 octets
  std::vector<std::string> reply_to;  ///< where it asks to be answered, as written; 8 at most
  std::chrono::steady_clock::duration judging{};
};

/// What a session asks of the daemon around it. Thread-safe.
class SessionHost {
 public:
  SessionHost() = default;
  SessionHost(const SessionHost&) = delete;
  SessionHost& operator=(const SessionHost&) = delete;
  SessionHost(SessionHost&&) = delete;
  SessionHost& operator=(SessionHost&&) = delete;
  virtual ~SessionHost() = default;

  /// The policy and generation of this moment.
  [[nodiscard]] virtual InForce in_force() const = 0;

  /// What works out SPF, DKIM and DMARC; null where nothing does, and then the address alone
  /// decides. Outlives the sessions.
  [[nodiscard]] virtual Authenticator* authenticator() = 0;

  /// Tells of the verdict on a message, once for each message that was judged, skipped or degraded.
  virtual void report(const Verdict& verdict, const MessageRecord& message) = 0;

  /// Tells that a limit of a session was hit: `header_bytes`, `recipients`.
  virtual void count_limit(std::string_view what) = 0;
};

/// One connection of an MTA and the message it is on: events in, what to do out, no I/O. A session
/// is used by one thread at a time. Strings are as the milter protocol gives them.
class Session {
 public:
  /// What to tell the MTA at the end of a header.
  enum class HeaderStep { kAccept, kGoOn };

  /// `settings` and `host` outlive the session.
  Session(const SessionSettings& settings, SessionHost& host)
      : settings_(settings), host_(host), header_(settings.header_octets) {}

  /// `client_address` is numeric; empty where the MTA knows none. `mta_name` is the MTA's own,
  /// `daemon_name` that of its service the client has come to.
  void on_connect(std::string_view client_address,
                  std::string_view mta_name,
                  std::string_view daemon_name);

  /// What the client called itself.
  void on_helo(std::string_view name) { helo_ = name; }

  /// A new message begins: it takes the policy and generation in force and keeps them.
  void on_mail(std::string_view sender, bool is_authenticated);
  void on_recipient(std::string_view recipient);

  /// `value` is all that stands after the colon, the space behind it too.
  void on_header(std::string_view name, std::string_view value);

  /// Judges the message. `kAccept` ends it here; after `kGoOn` comes `on_end_of_message`.
  [[nodiscard]] HeaderStep on_end_of_headers(std::string_view queue_id);

  /// Takes a part of the body, lines ending in CRLF.
  void on_body(std::string_view octets);

  /// What to do with the message; it is over then. Waits for SPF, DKIM and DMARC where the verdict
  /// hangs on them, for some seconds at most.
  [[nodiscard]] Enforcement on_end_of_message(std::string_view queue_id);

  /// The message is given up, by the MTA or because its connection ends.
  void on_abort() { message_.reset(); }

  /// From here to its end the message counts as not judged for this reason.
  void degrade(Degradation why);

 private:
  struct Message {
    Message(InForce taken, const SessionSettings& settings, std::string_view mta_host)
        : recipients(settings.recipients),
          in_force(std::move(taken)),
          fields({.octets = settings.from_octets}),
          loop_guard(settings.loop_guard, mta_host),
          keeps_subjects(in_force.policy->changes_subject()),
          keeps_senders(in_force.policy->uses(policy::ActionKind::kExpose)) {}

    // What the fields say, once they are read.
    [[nodiscard]] const policy::MessageSenders& senders() const {
      static const policy::MessageSenders none;
      return judgement.has_value() ? judgement->message().senders : none;
    }

    // Whether a guard ends it here; a loop in `mode: monitor` is only noted.
    [[nodiscard]] bool is_refused() const {
      return objection.has_value() &&
             (!is_loop(objection->kind) || in_force.policy->mode() == policy::Mode::kEnforce);
    }

    RecipientList recipients;  // first, so that it goes last and gives back what all have taken
    InForce in_force;
    MessageRecord record;
    MessageFields fields;
    std::vector<std::string> results;  // values of Authentication-Results
    std::vector<RemovedField> forged_results;
    LoopGuard loop_guard;
    std::optional<TenantGuard> tenant_guard;  // of outbound mail, where the tenants are known
    std::optional<RelayObjection> objection;
    std::optional<Judgement> judgement;
    std::unique_ptr<AuthenticationCheck> check;  // null: nothing is being worked out
    bool keeps_subjects;
    bool keeps_senders;
    std::map<std::string, std::size_t, std::less<>> field_counts;  // of kept ones, by folded name
    InboundMessage inbound;
    std::size_t header_octets = 0;
    bool is_outbound = false;  // of a tenant, or so it says
    bool is_skipped = false;
    bool is_authenticated = false;  // its sender logged in
    bool over_header_limit = false;
    std::optional<Degradation> degradation;
    Verdict verdict;
  };

  static void begin_outbound(Message& message);
  static void on_outbound_header(Message& message, std::string_view name, std::string_view text);
  static void ask_guards(Message& message,
                         std::string_view queue_id,
                         std::span<const std::string> recipients);
  static void judge_outbound(Message& message);
  void begin_judging(Message& message, std::vector<std::string> recipients);
  void authenticate(Message& message, const AuthenticationNeed& need);
  void finish_check(Message& message) const;
  void judge_message(Message& message) const;
  static void strip_forged_results(Message& message);
  void keep_results(Message& message, std::string_view value) const;
  void keep_field(Message& message, std::string_view name, std::string_view value) const;
  [[nodiscard]] static Enforcement enforcement_of(Message& message);
  static void record_finding(Message& message);
  void finish(Message& message, std::string_view queue_id);

  // Constant after construction.
  const SessionSettings& settings_;
  SessionHost& host_;

  // Of the connection.
  std::string client_;
  std::optional<policy::IpAddress> client_address_;
  std::string helo_;
  std::string authserv_id_;  // in lower case
  std::string mta_host_;     // canonical
  bool is_outbound_ = false;
  bool is_trusted_ = false;

  KeptHeader header_;  // of the message
  std::optional<Message> message_;
};

}  // namespace gateway
