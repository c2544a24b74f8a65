// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/postfix_plan.h"

#include "gateway/settings.h"
#include "gateway/setup/milter_list.h"
#include "gateway/setup/milter_place.h"
#include "gateway/setup/postfix_state.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::string_view kList = "smtpd_milters";

// The gateway answers within 13 s (authentication's 8 and 5 s), so that these end a wait for one
// that hangs, not for one that works.
MilterEntry default_entry(std::string place) {
  return {.place = std::move(place),
          .settings = {{"connect_timeout", "10s"},
                       {"command_timeout", "30s"},
                       {"content_timeout", "120s"},
                       {"default_action", "tempfail"}}};
}

// A part of the names and usual ports of what checks DKIM and DMARC for others to read.
bool is_verifier(std::string_view word) {
  constexpr std::array<std::string_view, 5> kSigns{"dkim", "dmarc", "rspamd", ":8891", ":8893"};
  constexpr std::string_view kRspamdPort = ":11332";
  return word.find(kRspamdPort) != std::string_view::npos ||
         std::ranges::any_of(kSigns, [&](std::string_view sign) {
           return word.find(sign) != std::string_view::npos;
         });
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

class Planner {
 public:
  Planner(const PostfixState& state, const ListenAddress& listen)
      : state_(state), place_(postfix_place(listen, state.queue_folder)) {}

  PostfixPlan plan() {
    if (is_made_by_hand()) {
      plan_.wanted.emplace_back(kList, state_.milters);
      plan_.notes.push_back("smtpd_milters has the gateway already, at " + place_ +
                            "; it was not made by this command and stays as it is.");
    } else {
      plan_parameter();
      plan_list();
    }
    look_at_order();
    look_at_failures();
    look_at_services();
    return std::move(plan_);
  }

  PostfixPlan plan_removal() {
    std::string list = state_.milters;
    while (const auto word = own_word(list)) {
      list = without_word(list, *word);
    }
    if (list.empty() && list != state_.milters) {
      plan_.unset.emplace_back(kList);
    } else if (list != state_.milters) {
      plan_.set.emplace_back(kList, list);
    }
    if (state_.parameter.has_value()) {
      plan_.unset.emplace_back(kMilterParameter);
    }
    if (plan_.is_done() && has_own_place(state_.expanded_milters)) {
      plan_.warnings.push_back("smtpd_milters has the gateway through another parameter: " +
                               state_.milters + "; take " + place_ + " out of that one");
    }
    for (const PostfixService& service : state_.services) {
      if (service.milters.has_value() && has_own_place(*service.milters)) {
        plan_.warnings.push_back(service.name +
                                 " in master.cf has smtpd_milters of its own, with " + place_ +
                                 " in it; take that out by hand");
      }
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool is_own(const MilterWord& word) const {
    return word.is_reference() || is_same_place(milter_entry(word.text).place, place_);
  }

  [[nodiscard]] std::optional<MilterWord> own_word(std::string_view list) const {
    const std::vector<MilterWord> words = milter_words(list);
    const auto found = std::ranges::find_if(words, [&](const auto& word) { return is_own(word); });
    return found == words.end() ? std::nullopt : std::optional{*found};
  }

  [[nodiscard]] bool has_own_place(std::string_view expanded) const {
    return own_word(expanded).has_value();
  }

  // An entry with settings, or one behind a parameter that is not ours. An entry without settings
  // becomes ours, so that what happens without the gateway does not hang on other milters' needs.
  [[nodiscard]] bool is_made_by_hand() const {
    const auto word = own_word(state_.milters);
    if (word.has_value()) {
      return !word->is_reference() && !milter_entry(word->text).settings.empty();
    }
    return has_own_place(state_.expanded_milters);
  }

  void plan_parameter() {
    MilterEntry entry = default_entry(place_);
    if (state_.parameter.has_value()) {
      const MilterEntry present = milter_entry(*state_.parameter);
      if (!present.settings.empty()) {
        entry = present;
      }
      entry.place = is_same_place(present.place, place_) ? present.place : place_;
    }
    const bool is_there =
        state_.parameter.has_value() && milter_entry(*state_.parameter).text() == entry.text();
    want(kMilterParameter, entry.text(), is_there);
  }

  void plan_list() {
    const auto word = own_word(state_.milters);
    std::string list = state_.milters;
    if (!word.has_value()) {
      list = with_milter(list, kMilterReference);
    } else if (!word->is_reference()) {
      list = with_word(list, *word, kMilterReference);
    }
    want(kList, list, list == state_.milters);
  }

  void want(std::string_view name, std::string value, bool is_there) {
    plan_.wanted.emplace_back(name, value);
    if (!is_there) {
      plan_.set.emplace_back(name, std::move(value));
    }
  }

  void look_at_order() {
    std::vector<std::string> before;
    std::vector<std::string> late;
    bool is_past = false;
    for (const MilterWord& word : milter_words(plan_.wanted.back().second)) {
      if (is_own(word)) {
        is_past = true;
      } else if (!is_past) {
        before.push_back(word.text);
      } else if (is_verifier(word.text)) {
        late.push_back(word.text);
      }
    }
    if (!before.empty()) {
      plan_.notes.push_back("Milters are asked in their order: " + joined(before) +
                            " before fromguard, so that it sees what verifiers of DKIM and DMARC "
                            "have added.");
    }
    if (!late.empty()) {
      plan_.warnings.push_back(joined(late) +
                               " looks like a verifier of DKIM or DMARC, and is asked after "
                               "fromguard; put fromguard behind it in smtpd_milters");
    }
  }

  void look_at_failures() {
    const std::vector<MilterWord> words = milter_words(plan_.wanted.back().second);
    const std::string own = own_default_action();
    if (own.empty()) {
      warn_of_action(state_.default_action, "milter_default_action", "fromguard");
    } else {
      warn_of_action(own, "fromguard's default_action", "fromguard");
    }
    const bool has_others =
        !std::ranges::all_of(words, [&](const auto& word) { return is_own(word); });
    if (has_others && !own.empty()) {
      warn_of_action(state_.default_action, "milter_default_action", "another milter");
    }
    if (state_.protocol != "6") {
      plan_.warnings.push_back("milter_protocol is " + state_.protocol +
                               "; fromguard needs 6: take it out of main.cf");
    }
  }

  // What is to hold while the gateway does not answer; empty if nothing says so for it alone.
  [[nodiscard]] std::string own_default_action() const {
    for (const auto& [name, value] : plan_.wanted) {
      if (name == kMilterParameter) {
        return std::string{milter_entry(value).setting("default_action")};
      }
    }
    const auto word = own_word(state_.expanded_milters);
    return word.has_value() ? std::string{milter_entry(word->text).setting("default_action")}
                            : std::string{};
  }

  void warn_of_action(std::string_view action, const std::string& whose, const std::string& who) {
    if (action == "accept") {
      plan_.warnings.push_back(whose + " is accept: while " + who +
                               " does not answer, mail passes unseen; tempfail lets it come later");
    } else if (action == "reject") {
      plan_.warnings.push_back(whose + " is reject: while " + who +
                               " does not answer, all mail bounces; tempfail lets it come later");
    }
  }

  void look_at_services() {
    const std::string own = is_made_by_hand() ? place_ : std::string{kMilterReference};
    for (const PostfixService& service : state_.services) {
      if (service.milters.has_value() && !has_own_place(*service.milters)) {
        plan_.warnings.push_back(
            service.name +
            " in master.cf has smtpd_milters of its own: what comes there is not judged; if it "
            "should be, add " +
            own + " to them");
      }
    }
    if (has_own_place(state_.own_milters)) {
      plan_.notes.emplace_back(
          "non_smtpd_milters has the gateway too: mail of this machine's own programs is judged.");
    }
  }

  const PostfixState& state_;
  std::string place_;
  PostfixPlan plan_;
};

Result<void> check_socket(const PostfixState& state, const ListenAddress& listen) {
  if (listen.family != ListenAddress::Family::kUnix || is_inside(listen, state.queue_folder)) {
    return {};
  }
  const auto chrooted = std::ranges::find_if(state.services, &PostfixService::is_chrooted);
  if (chrooted == state.services.end()) {
    return {};
  }
  const std::string root = state.queue_folder.string();
  return fail(ErrorCode::kConflict,
              "Postfix cannot see " + listen.path.string() + ": " + chrooted->name +
                  " runs in a chroot of " + root +
                  ", and would defer all mail; in gateway.yaml write listen: unix:" + root +
                  "/fromguard/gateway.sock, or listen: inet:8897@127.0.0.1");
}

void look_at_socket(PostfixPlan& plan,
                    const PostfixState& state,
                    const ListenAddress& listen,
                    const std::string& socket_group) {
  if (listen.family != ListenAddress::Family::kUnix) {
    return;
  }
  if (is_inside(listen, state.queue_folder)) {
    plan.notes.push_back("The socket's path is told from " + state.queue_folder.string() +
                         ", which is the root of Postfix's processes in a chroot, and where the "
                         "others stand.");
  }
  if (socket_group.empty()) {
    plan.warnings.emplace_back(
        "gateway.yaml has no socket_group: Postfix can use the socket only with socket_group: "
        "postfix, or if the gateway runs in that group");
  }
}

}  // namespace

Result<PostfixPlan> plan_postfix(const PostfixState& state,
                                 const ListenAddress& listen,
                                 const std::string& socket_group) {
  const auto reachable = check_socket(state, listen);
  if (!reachable.has_value()) {
    return std::unexpected{reachable.error()};
  }
  PostfixPlan plan = Planner{state, listen}.plan();
  look_at_socket(plan, state, listen, socket_group);
  return plan;
}

PostfixPlan plan_postfix_removal(const PostfixState& state, const ListenAddress& listen) {
  return Planner{state, listen}.plan_removal();
}

}  // namespace gateway
