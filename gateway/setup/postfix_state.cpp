// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/postfix_state.h"

#include "gateway/setup/milter_list.h"
#include "gateway/setup/program.h"
#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;
using Values = std::map<std::string, std::string, std::less<>>;

constexpr int kOldestVersion = 3;  // the first whose milters have settings of their own

// `name = value` on each line.
Values read_values(std::string_view output) {
  Values values;
  while (!output.empty()) {
    const std::string_view line = output.substr(0, output.find('\n'));
    const std::size_t equals = line.find(" =");
    if (equals != std::string_view::npos) {
      std::string_view value = line.substr(equals + 2);
      value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
      values.emplace(line.substr(0, equals), value);
    }
    output.remove_prefix(std::min(line.size() + 1, output.size()));
  }
  return values;
}

// The number at the beginning; zero if there is none.
int leading_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end != text.data() ? number : 0;
}

class PostfixReader {
 public:
  PostfixReader(std::filesystem::path postconf, const std::filesystem::path& folder)
      : postconf_(std::move(postconf)) {
    if (!folder.empty()) {
      common_ = {"-c", std::filesystem::absolute(folder).string()};
    }
  }

  Result<PostfixState> read() {
    const std::string own_name{kMilterParameter};
    const auto plain = ask({"config_directory",
                            "mail_version",
                            "queue_directory",
                            "compatibility_level",
                            "smtpd_milters",
                            "milter_default_action",
                            "milter_protocol",
                            own_name});
    if (!plain.has_value()) {
      return std::unexpected{plain.error()};
    }
    PostfixState state{.version = value_of(*plain, "mail_version"),
                       .folder = value_of(*plain, "config_directory"),
                       .queue_folder = value_of(*plain, "queue_directory"),
                       .milters = value_of(*plain, "smtpd_milters"),
                       .expanded_milters = {},
                       .own_milters = {},
                       .parameter = {},
                       .default_action = value_of(*plain, "milter_default_action"),
                       .protocol = value_of(*plain, "milter_protocol"),
                       .services = {}};
    if (leading_number(state.version) < kOldestVersion) {
      return fail(ErrorCode::kUnavailable,
                  "Postfix " + state.version +
                      " is too old: its milters have no settings of their own; 3.0 or later is "
                      "needed");
    }
    // Where it is not set postconf warns, and goes on.
    if (const auto own = plain->find(own_name); own != plain->end()) {
      state.parameter = own->second;
    }
    const bool is_chroot_default = leading_number(value_of(*plain, "compatibility_level")) < 1;
    const auto rest = read_rest(state, is_chroot_default);
    return rest.has_value() ? Result<PostfixState>{std::move(state)}
                            : std::unexpected{rest.error()};
  }

 private:
  Result<void> read_rest(PostfixState& state, bool is_chroot_default) {
    const auto expanded = ask({"-x", "smtpd_milters", "non_smtpd_milters"});
    const auto overrides = ask({"-x", "-P"});
    const auto fields = ask({"-F"});
    for (const auto* answer : {&expanded, &overrides, &fields}) {
      if (!answer->has_value()) {
        return std::unexpected{answer->error()};
      }
    }
    state.expanded_milters = value_of(*expanded, "smtpd_milters");
    state.own_milters = value_of(*expanded, "non_smtpd_milters");
    read_services(state, *overrides, *fields, is_chroot_default);
    return {};
  }

  static void read_services(PostfixState& state,
                            const Values& overrides,
                            const Values& fields,
                            bool is_chroot_default) {
    constexpr std::string_view kCommand = "/command";
    for (const auto& [field, value] : fields) {
      const bool is_smtpd = value == "smtpd" || value.starts_with("smtpd ");
      if (!field.ends_with(kCommand) || !is_smtpd) {
        continue;
      }
      PostfixService service{.name = field.substr(0, field.size() - kCommand.size()),
                             .is_chrooted = false,
                             .milters = {}};
      const std::string chroot = value_of(fields, service.name + "/chroot");
      service.is_chrooted = chroot == "y" || (chroot == "-" && is_chroot_default);
      const auto milters = overrides.find(service.name + "/smtpd_milters");
      if (milters != overrides.end()) {
        service.milters = milters->second;
      }
      state.services.push_back(std::move(service));
    }
  }

  [[nodiscard]] Result<Values> ask(std::vector<std::string> question) const {
    ProgramCall call{.program = postconf_, .arguments = common_, .folder = {}};
    call.arguments.insert(call.arguments.end(), question.begin(), question.end());
    const auto end = run_program(call);
    if (!end.has_value()) {
      return std::unexpected{end.error()};
    }
    if (end->status != 0) {
      const bool is_absent = end->errors.find("No such file") != std::string::npos;
      return fail(is_absent ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                  call.text() + " failed: " + end->errors);
    }
    return read_values(end->output);
  }

  static std::string value_of(const Values& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string{} : found->second;
  }

  std::filesystem::path postconf_;
  std::vector<std::string> common_;
};

}  // namespace

Result<PostfixState> read_postfix(const std::filesystem::path& postconf,
                                  const std::filesystem::path& folder) {
  return PostfixReader{postconf, folder}.read();
}

}  // namespace gateway
