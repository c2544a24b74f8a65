// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.h"
#include "gateway/setup/mail_filter_line.h"
#include "gateway/setup/milter_place.h"
#include "gateway/setup/program.h"
#include "gateway/setup/saved_file.h"
#include "gateway/setup/setup.h"
#include "gateway/setup/setup_report.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <chrono>
#include <expected>
#include <filesystem>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::ExitStatus;
using policy::fail;
using policy::Result;
using Mode = SetupRequest::Mode;

// One run for one sendmail.mc.
class SendmailSetup {
 public:
  SendmailSetup(const SetupRequest& request, const Settings& settings, const SetupStreams& streams)
      : request_(request),
        settings_(settings),
        streams_(streams),
        place_(sendmail_place(settings.listen)) {}

  ExitStatus run() {
    std::error_code error;
    // What is behind a link is edited, and the link stays.
    mc_ = std::filesystem::canonical(request_.sendmail_mc, error);
    auto before = error ? absent() : read_text_file(mc_);
    if (!before.has_value()) {
      return refuse(streams_, before.error());
    }
    before_ = *std::move(before);
    auto plan = request_.mode == Mode::kRemove ? without_mail_filter(before_, place_)
                                               : with_mail_filter(before_, place_);
    if (!plan.has_value()) {
      return refuse(streams_, fail(mc_.string(), plan.error()).error());
    }
    plan_ = *std::move(plan);
    if (request_.mode == Mode::kPrint) {
      print();
      return ExitStatus::kDone;
    }
    if (plan_.text == before_) {
      const bool is_removal = request_.mode == Mode::kRemove;
      streams_.output << mc_.string()
                      << (is_removal ? " has nothing of fromguard" : " has what it needs")
                      << "; nothing was changed.\n";
      tell_notes(streams_, {}, plan_.warnings);
      return ExitStatus::kDone;
    }
    return change();
  }

 private:
  [[nodiscard]] Result<std::string> absent() const {
    return fail(ErrorCode::kNotFound,
                "there is no " + request_.sendmail_mc.string() +
                    "; install Sendmail (apt-get install sendmail), or name the file with "
                    "--sendmail-mc");
  }

  void print() {
    const bool is_there = plan_.text == before_;
    streams_.output << "Sendmail reaches the gateway with this in " << mc_.string() << ", line "
                    << plan_.line_number << (is_there ? ", and has it:\n\n    " : ":\n\n    ")
                    << plan_.line << "\n\n";
    if (!is_there) {
      streams_.output << "To have it put there: " << setup_command("sendmail", request_, "--apply")
                      << '\n';
    }
    tell_order();
    tell_notes(streams_, {}, plan_.warnings);
    warn_if_silent(streams_, settings_.listen);
  }

  void tell_order() {
    if (plan_.before.empty()) {
      return;
    }
    streams_.output << "Filters are asked in their order:";
    for (const std::string& name : plan_.before) {
      streams_.output << ' ' << name;
    }
    streams_.output << " before fromguard, so that it sees what verifiers of DKIM and DMARC have "
                       "added.\n";
  }

  ExitStatus change() {
    const auto copy = change_file();
    if (!copy.has_value()) {
      return refuse(streams_, copy.error());
    }
    const bool is_removal = request_.mode == Mode::kRemove;
    streams_.output << mc_.string() << " was changed; as it was: " << copy->string() << '\n'
                    << "    " << plan_.line << (is_removal ? "\n    taken out\n" : "\n")
                    << "It takes effect with: " << make_command()
                    << "\nand then: systemctl reload sendmail\nThe way back: ";
    if (!is_removal) {
      streams_.output << setup_command("sendmail", request_, "--remove") << "\nor: ";
    }
    streams_.output << restore_command(*copy, mc_) << '\n';
    tell_notes(streams_, {}, plan_.warnings);
    if (!is_removal) {
      tell_order();
      warn_if_silent(streams_, settings_.listen);
    }
    return ExitStatus::kDone;
  }

  // The path of the copy.
  [[nodiscard]] Result<std::filesystem::path> change_file() const {
    auto replacement = Replacement::write(mc_, plan_.text);
    if (!replacement.has_value()) {
      return std::unexpected{std::move(replacement.error())};
    }
    // Without its line the file is what it was before: the way back asks for nothing.
    const auto expanded =
        request_.mode == Mode::kRemove ? Result<void>{} : check_expansion(replacement->path());
    if (!expanded.has_value()) {
      return std::unexpected{expanded.error()};
    }
    auto copy = keep_copy(mc_, std::chrono::system_clock::now());
    if (!copy.has_value()) {
      return copy;
    }
    const auto done = replacement->put_in_place();
    return done.has_value() ? copy : std::unexpected{done.error()};
  }

  [[nodiscard]] Result<void> check_expansion(const std::filesystem::path& file) const {
    const auto m4 = find_program("m4", program_folders());
    if (!m4.has_value()) {
      return fail(ErrorCode::kUnavailable,
                  "m4 is missing, so what it makes of the file cannot be checked; install it "
                  "(apt-get install m4); nothing was changed");
    }
    const auto end = run_program(expansion(*m4, file));
    if (!end.has_value()) {
      return std::unexpected{end.error()};
    }
    if (end->status != 0) {
      return fail(ErrorCode::kUnavailable,
                  "m4 cannot make a sendmail.cf: " + end->errors + "; nothing was changed");
    }
    const std::string fault = fault_of_expansion(end->output, place_);
    return fault.empty() ? Result<void>{}
                         : fail(ErrorCode::kConflict, fault + "; nothing was changed");
  }

  // In the file's folder, as `make` would be.
  [[nodiscard]] ProgramCall expansion(const std::filesystem::path& m4,
                                      const std::filesystem::path& file) const {
    ProgramCall call{.program = m4, .arguments = {}, .folder = mc_.parent_path()};
    if (!includes_macros(before_)) {
      const std::filesystem::path& macros = request_.sendmail_macros;
      call.arguments = {"-D_CF_DIR_=" + (macros / "").string(), (macros / "m4" / "cf.m4").string()};
    }
    call.arguments.push_back(file.string());
    return call;
  }

  [[nodiscard]] std::string make_command() const {
    const std::filesystem::path folder = mc_.parent_path();
    if (std::filesystem::exists(folder / "Makefile")) {
      return "make -C " + shell_word(folder.string());
    }
    return expansion("m4", mc_).text() + " > " + shell_word((folder / "sendmail.cf").string());
  }

  const SetupRequest& request_;
  const Settings& settings_;
  const SetupStreams& streams_;
  std::string place_;
  std::filesystem::path mc_;
  std::string before_;
  MailFilterPlan plan_;
};

}  // namespace

ExitStatus setup_sendmail(const SetupRequest& request,
                          const Settings& settings,
                          const SetupStreams& streams) {
  return SendmailSetup{request, settings, streams}.run();
}

}  // namespace gateway
