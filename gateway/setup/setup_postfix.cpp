// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.h"
#include "gateway/setup/milter_place.h"
#include "gateway/setup/postfix_plan.h"
#include "gateway/setup/postfix_state.h"
#include "gateway/setup/program.h"
#include "gateway/setup/saved_file.h"
#include "gateway/setup/setup.h"
#include "gateway/setup/setup_report.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <algorithm>
#include <chrono>
#include <expected>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::ExitStatus;
using policy::fail;
using policy::Result;
using Mode = SetupRequest::Mode;

// One run for one Postfix.
class PostfixSetup {
 public:
  PostfixSetup(const SetupRequest& request, const Settings& settings, const SetupStreams& streams)
      : request_(request), settings_(settings), streams_(streams) {}

  ExitStatus run() {
    const auto postconf = find_program("postconf", program_folders());
    if (!postconf.has_value()) {
      streams_.errors << "fromguard-gateway: Postfix is not installed here: there is no postconf; "
                         "install it (apt-get install postfix), or run this where it is\n";
      return ExitStatus::kUnavailable;
    }
    postconf_ = *postconf;
    auto state = read_postfix(postconf_, request_.postfix_folder);
    if (!state.has_value()) {
      return refuse(streams_, state.error());
    }
    state_ = *std::move(state);
    main_cf_ = state_.folder / "main.cf";
    return request_.mode == Mode::kRemove ? remove() : add();
  }

 private:
  ExitStatus add() {
    auto plan = plan_postfix(state_, settings_.listen, settings_.socket_group);
    if (!plan.has_value()) {
      streams_.errors << "fromguard-gateway: " << plan.error().message << '\n';
      return ExitStatus::kConfiguration;
    }
    plan_ = *std::move(plan);
    if (request_.mode == Mode::kPrint) {
      print();
      return ExitStatus::kDone;
    }
    if (plan_.is_done()) {
      streams_.output << main_cf_.string() << " has what it needs; nothing was changed.\n";
      tell_notes(streams_, plan_.notes, plan_.warnings);
      return reload_if_asked();
    }
    // Not only a reload takes it up: each process of Postfix reads main.cf when it starts.
    return is_answering(settings_.listen) ? change() : refuse_silence("was not changed");
  }

  ExitStatus remove() {
    plan_ = plan_postfix_removal(state_, settings_.listen);
    if (plan_.is_done()) {
      streams_.output << main_cf_.string() << " has nothing of fromguard; nothing was changed.\n";
      tell_notes(streams_, plan_.notes, plan_.warnings);
      return ExitStatus::kDone;
    }
    return change();
  }

  void print() {
    streams_.output << "Postfix " << state_.version << " reaches the gateway with this in "
                    << main_cf_.string() << (plan_.is_done() ? ", and has it:\n\n" : ":\n\n");
    for (const auto& [name, value] : plan_.wanted) {
      streams_.output << "    " << name << " = " << value << '\n';
    }
    streams_.output << '\n';
    if (!plan_.is_done()) {
      streams_.output << "To have it put there: " << setup_command("postfix", request_, "--apply")
                      << '\n';
    }
    tell_notes(streams_, plan_.notes, plan_.warnings);
    warn_if_silent(streams_, settings_.listen);
  }

  ExitStatus change() {
    const auto copy = change_main_cf();
    if (!copy.has_value()) {
      return refuse(streams_, copy.error());
    }
    streams_.output << main_cf_.string() << " was changed; as it was: " << copy->string() << '\n';
    for (const auto& [name, value] : plan_.set) {
      streams_.output << "    " << name << " = " << value << '\n';
    }
    for (const std::string& name : plan_.unset) {
      streams_.output << "    " << name << " taken out\n";
    }
    if (!request_.reload) {
      streams_.output << "It takes effect within some minutes, and at once with: "
                      << reload_call().text() << '\n';
    }
    if (request_.mode == Mode::kApply) {
      streams_.output << "The way back: " << setup_command("postfix", request_, "--remove") << '\n'
                      << "or: ";
    } else {
      streams_.output << "The way back: ";
    }
    streams_.output << restore_command(*copy, main_cf_) << '\n';
    tell_notes(streams_, plan_.notes, plan_.warnings);
    return reload_if_asked();
  }

  // The path of the copy. Whatever fails, main.cf is whole: postconf writes a new file and renames
  // it, and what is not as planned afterwards is taken back.
  Result<std::filesystem::path> change_main_cf() {
    if (std::filesystem::is_symlink(main_cf_)) {
      return fail(ErrorCode::kConflict,
                  main_cf_.string() +
                      " is a symbolic link, which postconf would replace; put the "
                      "lines into the file behind it by hand");
    }
    const auto before = read_text_file(main_cf_);
    if (!before.has_value()) {
      return std::unexpected{before.error()};
    }
    auto copy = keep_copy(main_cf_, std::chrono::system_clock::now());
    if (!copy.has_value()) {
      return copy;
    }
    const auto edited = edit();
    if (!edited.has_value()) {
      auto replacement = Replacement::write(main_cf_, *before);
      const bool is_back = replacement.has_value() && replacement->put_in_place().has_value();
      return fail(
          edited.error().code,
          edited.error().message + "; " + main_cf_.string() +
              (is_back ? " is as it was" : " may be changed, as it was: " + copy->string()));
    }
    return copy;
  }

  [[nodiscard]] Result<void> edit() const {
    std::vector<std::string> settings;
    std::ranges::transform(plan_.set, std::back_inserter(settings), [](const auto& setting) {
      return setting.first + "=" + setting.second;
    });
    auto done = settings.empty() ? Result<void>{} : postconf("-e", settings);
    if (done.has_value() && !plan_.unset.empty()) {
      done = postconf("-X", plan_.unset);
    }
    return done.has_value() ? must_be_as_planned() : done;
  }

  // main.cf may set a parameter twice, or hold what postconf cannot edit.
  [[nodiscard]] Result<void> must_be_as_planned() const {
    const auto state = read_postfix(postconf_, request_.postfix_folder);
    if (!state.has_value()) {
      return std::unexpected{state.error()};
    }
    const auto again = request_.mode == Mode::kRemove
                           ? Result<PostfixPlan>{plan_postfix_removal(*state, settings_.listen)}
                           : plan_postfix(*state, settings_.listen, settings_.socket_group);
    if (!again.has_value() || !again->is_done()) {
      return fail(ErrorCode::kUnavailable,
                  "postconf did not change " + main_cf_.string() + " as asked");
    }
    return {};
  }

  [[nodiscard]] Result<void> postconf(std::string_view option,
                                      const std::vector<std::string>& words) const {
    ProgramCall call{.program = postconf_, .arguments = instance(), .folder = {}};
    call.arguments.emplace_back(option);
    call.arguments.insert(call.arguments.end(), words.begin(), words.end());
    const auto end = run_program(call);
    if (!end.has_value()) {
      return std::unexpected{end.error()};
    }
    return end->status == 0
               ? Result<void>{}
               : fail(ErrorCode::kUnavailable, call.text() + " failed: " + end->errors);
  }

  ExitStatus reload_if_asked() {
    if (!request_.reload) {
      if (request_.mode == Mode::kApply) {
        warn_if_silent(streams_, settings_.listen);
      }
      return ExitStatus::kDone;
    }
    if (request_.mode == Mode::kApply && !is_answering(settings_.listen)) {
      return refuse_silence("was not reloaded");
    }
    const ProgramCall call = reload_call();
    const auto end = run_program(call);
    if (!end.has_value()) {
      return refuse(streams_, end.error());
    }
    if (end->status != 0) {
      streams_.errors << "fromguard-gateway: " << call.text() << " failed: " << end->errors << '\n';
      return ExitStatus::kUnavailable;
    }
    streams_.output << "Postfix was reloaded.\n";
    return ExitStatus::kDone;
  }

  [[nodiscard]] ExitStatus refuse_silence(std::string_view what) const {
    streams_.errors << "fromguard-gateway: nothing listens at " << settings_.listen.text()
                    << ", so Postfix " << what
                    << ": mail would be deferred; start fromguard-gateway and try again\n";
    return ExitStatus::kUnavailable;
  }

  [[nodiscard]] std::vector<std::string> instance() const {
    return request_.postfix_folder.empty() ? std::vector<std::string>{}
                                           : std::vector<std::string>{"-c", state_.folder.string()};
  }

  // The `postfix` beside postconf.
  [[nodiscard]] ProgramCall reload_call() const {
    ProgramCall call{
        .program = postconf_.parent_path() / "postfix", .arguments = instance(), .folder = {}};
    call.arguments.emplace_back("reload");
    return call;
  }

  const SetupRequest& request_;
  const Settings& settings_;
  const SetupStreams& streams_;
  std::filesystem::path postconf_;
  std::filesystem::path main_cf_;
  PostfixState state_;
  PostfixPlan plan_;
};

}  // namespace

ExitStatus setup_postfix(const SetupRequest& request,
                         const Settings& settings,
                         const SetupStreams& streams) {
  return PostfixSetup{request, settings, streams}.run();
}

}  // namespace gateway
