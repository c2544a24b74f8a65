// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/spf_reach.h"

#include "directory/dns/mail_dns.h"
#include "directory/posture/address_cover.h"
#include "directory/posture/spf_terms.h"
#include "directory/task.h"
#include "policy/ip_address.h"
#include "policy/mail_records/spf_macro.h"
#include "policy/mail_records/spf_record.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;
using policy::SpfDirective;
using Mechanism = SpfDirective::Mechanism;

constexpr std::size_t kLongestRecord = 8192;
constexpr std::size_t kMostNotes = 8;
constexpr std::size_t kMostHosts = 10;
constexpr unsigned kMostLookUps = 10;
constexpr unsigned kMostVoidLookUps = 2;
constexpr unsigned kMostFailures = 3;
// Of a network that is worth a look-up: narrower ones would need hosts by the hundred to be a
// whole.
constexpr unsigned kMostBroadBits = 8;

// A record on the way, and how it was come to.
struct Visit {
  std::string domain;
  policy::SpfRecord record;
  std::string path;  // what is said before its terms: `include:spf.example.net, then `
  std::vector<AddressFamily> open{kAddressFamilies.begin(),
                                  kAddressFamilies.end()};  // not decided for all yet
  bool passes = true;                                       // who passes by it passes
  bool is_last = true;                                      // its last word is that of the domain
};

// A term on the way.
struct Place {
  std::string terms;  // with how it was come to
  bool passes = true;
};

Place place_of(const Visit& visit, const std::string& term, char qualifier) {
  return {.terms = visit.path.empty() ? term : visit.path + term + " there",
          .passes = visit.passes && qualifier == '+'};
}

class SpfWalk {
 public:
  SpfWalk(MailDns& dns, std::string sender) : dns_(&dns), sender_(std::move(sender)) {}

  // The networks that pass. Each step down takes one of the look-ups.
  Task<Reach> walk(Visit visit) {
    Reach reach;
    for (const SpfDirective& directive : visit.record.directives) {
      if (is_over_ || visit.open.empty()) {
        co_return reach;
      }
      Reach matched = co_await matches(directive, visit);
      settle(directive.qualifier, std::move(matched), visit.open, reach);
      if (directive.mechanism == Mechanism::kAll) {
        note_last_word(visit, directive.qualifier == '?' ? "it ends in ?all" : "");
        co_return reach;
      }
    }
    const std::optional<std::string>& redirect = visit.record.redirect;
    if (!redirect.has_value()) {
      note_last_word(visit, "it ends without `all`");
    } else if (!is_over_ && !visit.open.empty()) {
      Reach redirected = co_await follow_redirect(*redirect, visit);
      append_reach(std::move(redirected), reach);
    }
    co_return reach;
  }

  [[nodiscard]] SpfReach result(const Reach& reach) {
    SpfReach result;
    const std::optional<std::string> reason = terms_that_reach_all(reach);
    if (reason.has_value()) {
      result.allows_any = true;
      result.reason = *reason;
    } else if (!unanswered_.empty()) {
      result.reason = std::move(unanswered_);
    } else {
      result.allows_any = false;
    }
    result.notes = std::move(notes_);
    return result;
  }

 private:
  // The networks that a term is about, whatever its qualifier.
  Task<Reach> matches(const SpfDirective& directive, const Visit& visit) {
    const std::string term = term_text(directive);
    const Place place = place_of(visit, term, directive.qualifier);
    switch (directive.mechanism) {
      case Mechanism::kAll: co_return reach_of_all(place.terms);
      case Mechanism::kIp4:
        co_return Reach(
            1, reached_network(directive, directive.network, AddressFamily::kIpv4, place.terms));
      case Mechanism::kIp6:
        co_return Reach(
            1, reached_network(directive, directive.network, AddressFamily::kIpv6, place.terms));
      default: break;
    }
    if (!take_look_up() || directive.mechanism == Mechanism::kPtr) {
      co_return Reach();
    }
    const std::optional<std::string> name = expand(directive.domain, visit.domain, place);
    if (!name.has_value()) {
      co_return Reach();
    }
    if (directive.mechanism == Mechanism::kInclude) {
      Visit next = below(visit, term, *name);
      next.passes = place.passes;
      next.is_last = false;
      co_return co_await follow(std::move(next), place);
    }
    if (directive.mechanism == Mechanism::kExists) {
      co_return co_await exists(*name, place);
    }
    if (directive.ip4_bits >= kMostBroadBits && directive.ip6_bits >= kMostBroadBits) {
      co_return Reach();
    }
    if (directive.mechanism == Mechanism::kMx) {
      co_return co_await exchanges(directive, *name, place);
    }
    co_return co_await addresses(directive, *name, place);
  }

  Task<Reach> follow_redirect(const std::string& spec, const Visit& visit) {
    const std::string term = "redirect=" + shown_spec(spec);
    const Place place = place_of(visit, term, '+');
    if (!take_look_up()) {
      co_return Reach();
    }
    const std::optional<std::string> name = expand(spec, visit.domain, place);
    if (!name.has_value()) {
      co_return Reach();
    }
    Visit next = below(visit, term, *name);
    co_return co_await follow(std::move(next), place);
  }

  // Fetches the record of the visit's domain and goes through it.
  Task<Reach> follow(Visit visit, Place place) {
    Result<std::vector<std::string>> answer = co_await dns_->txt(visit.domain);
    std::optional<std::vector<std::string>> texts = known(std::move(answer), place);
    if (!texts.has_value()) {
      co_return Reach();
    }
    PublishedSpf published = choose_spf_record(*std::move(texts));
    std::optional<policy::SpfRecord>& record = published.record;
    if (!record.has_value()) {
      // Whatever makes the named record useless makes the naming one an error (RFC 7208, 5.2, 6.1).
      end("receivers stop at " + place.terms + ": " + published.problem);
      co_return Reach();
    }
    visit.record = *std::move(record);
    co_return co_await walk(std::move(visit));
  }

  Task<Reach> exists(std::string name, Place place) {
    Result<std::vector<std::string>> answer = co_await dns_->addresses(name);
    const std::optional<std::vector<std::string>> found = known(std::move(answer), place);
    if (!found.has_value()) {
      co_return Reach();
    }
    // A records alone count, whatever the client (RFC 7208, 5.7).
    const bool is_there = std::ranges::any_of(
        *found, [](const std::string& address) { return !address.contains(':'); });
    count_void(!is_there);
    co_return is_there ? reach_of_all(place.terms) : Reach();
  }

  Task<Reach> addresses(const SpfDirective& directive, std::string host, Place place) {
    Result<std::vector<std::string>> answer = co_await dns_->addresses(host);
    const std::optional<std::vector<std::string>> found = known(std::move(answer), place);
    Reach reach;
    if (found.has_value()) {
      count_void(found->empty() && directive.mechanism == Mechanism::kA);
      add_networks(directive, *found, place.terms, reach);
    }
    co_return reach;
  }

  Task<Reach> exchanges(const SpfDirective& directive, std::string domain, Place place) {
    Result<MxAnswer> answer = co_await dns_->mx(domain);
    const std::optional<MxAnswer> found = known(std::move(answer), place);
    Reach reach;
    if (!found.has_value()) {
      co_return reach;
    }
    count_void(found->hosts.empty());
    if (found->hosts.size() > kMostHosts) {
      end(place.terms + " has more than 10 hosts, the most that receivers look up");
      co_return reach;
    }
    for (const MxHost& each : found->hosts) {
      if (!each.host.empty() && !is_over_) {
        Reach more = co_await addresses(directive, each.host, place);
        append_reach(std::move(more), reach);
      }
    }
    co_return reach;
  }

  static void add_networks(const SpfDirective& directive,
                           const std::vector<std::string>& addresses,
                           const std::string& terms,
                           Reach& reach) {
    for (const std::string& text : addresses) {
      const std::optional<policy::IpAddress> address = policy::parse_ip_address(text);
      if (!address.has_value()) {
        continue;
      }
      const bool is_ip4 = policy::is_ipv4(*address);
      const AddressFamily family = is_ip4 ? AddressFamily::kIpv4 : AddressFamily::kIpv6;
      Reached reached = reached_network(directive, *address, family, terms);
      const bool is_broad = (is_ip4 ? directive.ip4_bits : directive.ip6_bits) < kMostBroadBits;
      const bool is_new = std::ranges::none_of(reach, [&](const Reached& each) {
        return each.family == family &&
               policy::same_network(each.network.address, *address, reached.network.prefix_bits);
      });
      if (is_broad && is_new) {
        reach.push_back(std::move(reached));
      }
    }
  }

  // After a term that is about a whole family there is nothing to be said of it.
  static void settle(char qualifier,
                     Reach matched,
                     std::vector<AddressFamily>& open,
                     Reach& reach) {
    std::erase_if(matched, [&](const Reached& each) {
      return std::ranges::find(open, each.family) == open.end();
    });
    std::erase_if(open, [&](AddressFamily family) { return reaches_all(matched, family); });
    if (qualifier == '+') {
      append_reach(std::move(matched), reach);
    }
  }

  static Visit below(const Visit& visit, const std::string& term, std::string domain) {
    Visit next;
    next.domain = std::move(domain);
    next.path = visit.path + term + (visit.path.empty() ? ", then " : " there, then ");
    next.open = visit.open;
    next.passes = visit.passes;
    next.is_last = visit.is_last;
    return next;
  }

  // The name in a term; nothing where it is another one for each client or sender.
  std::optional<std::string> expand(const std::string& spec,
                                    const std::string& domain,
                                    const Place& place) {
    if (spec.empty()) {
      return domain;
    }
    if (policy::macro_letters(spec).find_first_not_of("do") != std::string::npos) {
      add_note(place.terms + " is another name for each sender, and was not looked up");
      return std::nullopt;
    }
    const policy::SpfSubject subject{
        .client = {}, .helo = {}, .local_part = {}, .sender_domain = sender_};
    const std::function<std::string()> nobody = [] { return std::string{}; };
    return policy::expand_domain_spec(
        spec, {.subject = subject, .domain = domain, .validated_name = nobody});
  }

  // What DNS has; nothing where that is not known. A name that DNS cannot be asked for has nothing.
  template <typename T>
  std::optional<T> known(Result<T> answer, const Place& place) {
    if (answer.has_value()) {
      return *std::move(answer);
    }
    if (answer.error().code == policy::ErrorCode::kInvalidInput) {
      return T{};
    }
    is_over_ = ++failures_ >= kMostFailures;
    // A term that nobody passes by matters if what comes after it is not looked at.
    if ((place.passes || is_over_) && unanswered_.empty()) {
      unanswered_ = place.terms + ": " + policy::visible_text(answer.error().message);
    }
    return std::nullopt;
  }

  bool take_look_up() {
    if (++look_ups_ > kMostLookUps) {
      end("it needs more than 10 look-ups in DNS, the most that receivers do (RFC 7208, 4.6.4); "
          "what comes after them does not count");
    }
    return !is_over_;
  }

  void count_void(bool is_void) {
    if (is_void && ++void_look_ups_ > kMostVoidLookUps) {
      end("it names more than 2 hosts that do not exist, and receivers stop there (RFC 7208, "
          "4.6.4)");
    }
  }

  void note_last_word(const Visit& visit, std::string_view end) {
    if (visit.is_last && !end.empty()) {
      add_note(std::string{end} + ", so it says nothing about mail from anywhere else");
    }
  }

  // For whom no term has matched so far, there is a permanent error from here on.
  void end(std::string why) {
    is_over_ = true;
    add_note(std::move(why));
  }

  void add_note(std::string note) {
    if (notes_.size() < kMostNotes && std::ranges::find(notes_, note) == notes_.end()) {
      notes_.push_back(std::move(note));
    }
  }

  MailDns* dns_;
  std::string sender_;
  unsigned look_ups_ = 0;
  unsigned void_look_ups_ = 0;
  unsigned failures_ = 0;
  bool is_over_ = false;
  std::string unanswered_;  // the first that could have changed the answer
  std::vector<std::string> notes_;
};

}  // namespace

PublishedSpf choose_spf_record(std::vector<std::string> texts) {
  std::erase_if(texts, [](const std::string& text) { return !policy::is_spf_record(text); });
  PublishedSpf published;
  if (texts.empty()) {
    published.problem = "there is no SPF record";
    return published;
  }
  const bool is_one = texts.size() == 1;
  published.text = std::move(texts.front());
  if (!is_one) {
    published.problem =
        "there is more than one SPF record, and receivers take none (RFC 7208, 4.5)";
  } else if (published.text.size() > kLongestRecord) {
    published.problem = "the SPF record is too long";
  } else {
    published.record = policy::parse_spf_record(published.text);
    published.problem = published.record.has_value()
                            ? ""
                            : "the SPF record has a term in error, and receivers take none of it";
  }
  return published;
}

Task<SpfReach> find_spf_reach(MailDns& dns, std::string domain, policy::SpfRecord record) {
  SpfWalk walk{dns, domain};
  Visit visit;
  visit.domain = std::move(domain);
  visit.record = std::move(record);
  const Reach reach = co_await walk.walk(std::move(visit));
  co_return walk.result(reach);
}

}  // namespace directory
