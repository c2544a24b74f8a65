// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/powershell_script.h"

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/plan.h"
#include "directory/task.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::string_view kSecretVariable = "$TenantHeaderValue";

// PowerShell ends a literal at each of these: the apostrophe and its typographic kin.
constexpr std::array<std::string_view, 5> kQuotes{"'", "\u2018", "\u2019", "\u201a", "\u201b"};

std::string to_powershell(const json::value& value) {
  if (const json::array* list = value.if_array(); list != nullptr) {
    std::string text = "@(";
    for (const json::value& each : *list) {
      text += (text.size() > 2 ? ", " : "") + to_powershell(each);
    }
    return text + ")";
  }
  if (const json::string* text = value.if_string(); text != nullptr) {
    return powershell_literal(*text);
  }
  if (const bool* flag = value.if_bool(); flag != nullptr) {
    return *flag ? "$true" : "$false";
  }
  return value.is_null() ? "$null" : json::serialize(value);
}

std::string hashtable(const json::object& parameters, std::string_view indent) {
  std::string text = "@{\n";
  for (const auto& [name, value] : parameters) {
    const bool is_secret = name == "SetHeaderValue";
    text += fmt::format("{}  {} = {}\n",
                        indent,
                        std::string_view{name},
                        is_secret ? std::string{kSecretVariable} : to_powershell(value));
  }
  return text + std::string{indent} + "}";
}

// What a Set- cmdlet takes of what its New- cmdlet does.
json::object for_change(std::string_view noun, const json::object& parameters) {
  json::object changed = parameters;
  if (noun == noun_of(ExchangeKind::kTransportRule)) {
    changed.erase("Enabled");
  }
  return changed;
}

std::string block(std::string_view noun, const json::object& parameters) {
  const bool is_rule = noun == noun_of(ExchangeKind::kTransportRule);
  const std::string_view comment = is_rule ? "Comments" : "Comment";
  const std::string name{parameters.at("Name").as_string()};
  const std::string mark{parameters.at(comment).as_string()};
  std::string text = fmt::format("\n# {} {}\n", noun, powershell_literal(name));
  text +=
      fmt::format("$name = {}\n$mark = {}\n", powershell_literal(name), powershell_literal(mark));
  text += fmt::format("$all = @(Get-{}{})\n", noun, is_rule ? " -ResultSize Unlimited" : "");
  text +=
      fmt::format("$ours = @($all | Where-Object {{ \"$($_.{})\".Contains($mark) }})\n", comment);
  text += fmt::format(
      "if (@($all | Where-Object {{ $_.Name -eq $name -and -not \"$($_.{})\".Contains($mark) }})"
      ".Count -gt 0) {{\n"
      "  throw \"There is a {} '$name' that fromguard did not make. Rename or remove it first.\"\n"
      "}}\n",
      comment,
      noun);
  text += "if ($ours.Count -gt 0) {\n";
  text += fmt::format("  $change = {}\n", hashtable(for_change(noun, parameters), "  "));
  text += fmt::format("  Set-{} -Identity $ours[0].Guid.ToString() @change\n", noun);
  if (is_rule) {
    text += fmt::format("  Enable-{} -Identity $ours[0].Guid.ToString() -Confirm:$false\n", noun);
  }
  text += "} else {\n";
  text += fmt::format("  $new = {}\n", hashtable(parameters, "  "));
  text += fmt::format("  $null = New-{} @new\n}}\n", noun);
  return text;
}

}  // namespace

std::string powershell_literal(std::string_view text) {
  std::string literal = "'";
  while (!text.empty()) {
    const auto* const quote = std::ranges::find_if(
        kQuotes, [text](std::string_view each) { return text.starts_with(each); });
    const std::string_view next = quote == kQuotes.end() ? text.substr(0, 1) : *quote;
    literal += quote == kQuotes.end() ? std::string_view{} : next;
    literal += next;
    text.remove_prefix(next.size());
  }
  return literal + "'";
}

PowerShellWriter::PowerShellWriter(std::string_view tenant, bool asks_for_secret)
    : text_(
          fmt::format("# Connectors and rules of fromguard for the tenant {}\n"
                      "# Run Connect-ExchangeOnline first. This may be run again at any time, and "
                      "changes nothing of others.\n",
                      json::serialize(json::string(tenant)))) {
  if (asks_for_secret) {
    text_ += fmt::format(
        "# {} is the secret of this tenant in outbound_tenants.yaml.\n"
        "param([Parameter(Mandatory = $true)] [string] {})\n",
        kSecretVariable,
        kSecretVariable);
  }
  text_ += "\n$ErrorActionPreference = 'Stop'\n";
}

Task<CmdletResult> PowerShellWriter::invoke(Cmdlet cmdlet) {
  constexpr std::string_view kCreate = "New-";
  if (is_read(cmdlet)) {
    co_return CmdletResult();
  }
  if (!cmdlet.name.starts_with(kCreate)) {
    co_return std::unexpected{CmdletFailure{.kind = CmdletFailureKind::kRefused,
                                            .message = cmdlet.name + " is not written down"}};
  }
  text_ += block(std::string_view{cmdlet.name}.substr(kCreate.size()), cmdlet.parameters);
  co_return CmdletResult();
}

void PowerShellWriter::remove(const DesiredObject& unwanted) {
  const std::string_view noun = noun_of(unwanted.kind);
  const bool is_rule = unwanted.kind == ExchangeKind::kTransportRule;
  text_ += fmt::format("\n# No {} {}\n", noun, powershell_literal(unwanted.name));
  text_ += fmt::format("$mark = {}\n", powershell_literal(unwanted.mark));
  text_ += fmt::format(
      "Get-{0}{1} | Where-Object {{ \"$($_.{2})\".Contains($mark) }} |\n"
      "  ForEach-Object {{ Remove-{0} -Identity $_.Guid.ToString() -Confirm:$false }}\n",
      noun,
      is_rule ? " -ResultSize Unlimited" : "",
      is_rule ? "Comments" : "Comment");
}

Task<std::string> powershell_script(std::string tenant, std::vector<DesiredObject> desired) {
  const bool asks_for_secret = std::ranges::any_of(desired, [](const DesiredObject& each) {
    return each.is_wanted && each.role == ExchangeRole::kTenantMark;
  });
  PowerShellWriter writer{tenant, asks_for_secret};
  const ExchangePlan plan = make_plan(std::move(desired), ExchangeInventory{});
  for (const PlannedObject& planned : plan.objects) {
    if (!planned.desired.is_wanted) {
      writer.remove(planned.desired);
    }
    for (Cmdlet& cmdlet : cmdlets_for(planned)) {
      static_cast<void>(co_await writer.invoke(std::move(cmdlet)));
    }
  }
  co_return writer.text();
}

}  // namespace directory
