// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.h"

#include "gateway/detections/detection_database.h"
#include "gateway/relay_guards/loop_guard.h"
#include "gateway/session/judge.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/name_servers.h"
#include "policy/config/problems.h"
#include "policy/config/socket_address.h"
#include "policy/config/yaml_document.h"
#include "policy/event.h"
#include "policy/ip_address.h"
#include "policy/mail_address.h"
#include "policy/networks.h"
#include "policy/verdict/finding.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using policy::ActionKind;
using policy::MappingReader;
using policy::Problems;

constexpr std::array<std::pair<std::string_view, ActionKind>, 4> kDegradedWords{{
    {"accept", ActionKind::kAccept},
    {"tag", ActionKind::kTag},
    {"quarantine", ActionKind::kQuarantine},
    {"tempfail", ActionKind::kTempFail},
}};

constexpr std::array<std::pair<std::string_view, policy::LogLevel>, 4> kLevelWords{{
    {"error", policy::LogLevel::kError},
    {"warning", policy::LogLevel::kWarning},
    {"info", policy::LogLevel::kInfo},
    {"debug", policy::LogLevel::kDebug},
}};

constexpr std::array<std::pair<std::string_view, policy::LogFormat>, 2> kFormatWords{{
    {"text", policy::LogFormat::kText},
    {"json", policy::LogFormat::kJson},
}};

template <typename T>
void assign(T& target, std::optional<T> value) {
  if (value.has_value()) {
    target = *std::move(value);
  }
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool is_port = error == std::errc{} && end == text.data() + text.size() && port != 0;
  return is_port ? std::optional{port} : std::nullopt;
}

// Sendmail's `IPv6:` form is for what MTAs tell, not for what is bound.
bool is_numeric_host(std::string_view host) {
  return policy::parse_ip_address(host).has_value() && !host.starts_with("IPv6:");
}

std::optional<ListenAddress> parse_inet(std::string_view text, ListenAddress::Family family) {
  const std::size_t at = text.find('@');
  const auto port = parse_port(text.substr(0, at));
  const bool is_ipv6 = family == ListenAddress::Family::kInet6;
  const std::string_view loopback = is_ipv6 ? "::1" : "127.0.0.1";
  const std::string_view host = at == std::string_view::npos ? loopback : text.substr(at + 1);
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (!port.has_value() || !is_numeric_host(host) || has_colon != is_ipv6) {
    return std::nullopt;
  }
  return ListenAddress{.family = family, .host = std::string{host}, .port = *port, .path = {}};
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
  using Family = ListenAddress::Family;
  if (text.starts_with("inet:")) {
    return parse_inet(text.substr(5), Family::kInet);
  }
  if (text.starts_with("inet6:")) {
    return parse_inet(text.substr(6), Family::kInet6);
  }
  if (text.starts_with("unix:/")) {
    return ListenAddress{.family = Family::kUnix, .host = {}, .port = 0, .path = text.substr(5)};
  }
  return std::nullopt;
}

class SettingsReader {
 public:
  SettingsReader(MappingReader top, std::filesystem::path folder)
      : top_(std::move(top)), folder_(std::move(folder)) {}

  Settings read() {
    read_addresses();
    read_paths();
    read_networks();
    read_guards();
    read_degraded();
    read_authentication();
    read_limits();
    read_log();
    assign(settings_.session.inspect_authenticated, top_.boolean("inspect_authenticated"));
    assign(settings_.drain, top_.duration("drain"));
    assign(settings_.hand_over, top_.duration("hand_over"));
    top_.finish();
    return std::move(settings_);
  }

 private:
  void read_addresses() {
    if (const auto text = top_.string("listen"); text.has_value()) {
      const auto address = parse_listen(*text);
      if (address.has_value()) {
        settings_.listen = *address;
      } else {
        top_.error("listen",
                   "'" + *text +
                       "' is no listen address; write inet:8897@127.0.0.1, inet6:8897@::1 or "
                       "unix:/path/to/socket");
      }
    }
    assign(settings_.socket_group, top_.string("socket_group"));
    if (const auto text = top_.string("metrics"); text.has_value()) {
      settings_.metrics = policy::parse_socket_address(*text);
      if (!settings_.metrics.has_value()) {
        top_.error("metrics", "'" + *text + "' is no address; write 127.0.0.1:9811");
      }
    }
  }

  void read_paths() {
    if (const auto path = top_.string("snapshot"); path.has_value()) {
      settings_.snapshot = folder_ / *path;
    }
    if (const auto path = top_.string("detections"); path.has_value()) {
      settings_.detections = folder_ / *path;
      const bool is_snapshot = (*settings_.detections / "").lexically_normal() ==
                               (settings_.snapshot / "").lexically_normal();
      if (path->empty() || is_snapshot) {
        top_.error("detections",
                   "'detections' must be a folder of its own, /var/lib/fromguard/detections say");
      }
    }
    read_retention();
    settings_.policy = folder_ / top_.string("policy").value_or("policy.yaml");
    settings_.decorations = settings_.policy.parent_path() / "decorations.txt";
    settings_.delegated_senders = settings_.policy.parent_path() / "delegated-senders.yaml";
  }

  void read_retention() {
    auto keep = top_.mapping("keep_detections");
    if (!keep.has_value()) {
      return;
    }
    DetectionRetention& retention = settings_.keep_detections;
    assign(retention.age, keep->duration("age"));
    assign(retention.octets, keep->size("size"));
    if (retention.age < std::chrono::hours{1}) {
      keep->error("age", "'age' must be at least 1h; write 90d");
    }
    if (retention.octets < DetectionRetention::kLeastOctets) {
      keep->error("size", "'size' must be at least 64MiB; write 1GiB");
    }
    keep->finish();
  }

  void read_networks() {
    std::vector<std::string> texts{"127.0.0.0/8", "::1/128"};
    if (top_.value("trusted_networks").has_value()) {
      texts = strings_or_none(top_, "trusted_networks");
    }
    auto networks = policy::Networks::parse(texts);
    if (networks.has_value()) {
      settings_.session.trusted_networks = *std::move(networks);
    } else {
      top_.error("trusted_networks", networks.error().message);
    }
  }

  void read_guards() {
    if (auto outbound = top_.mapping("outbound"); outbound.has_value()) {
      read_outbound(*outbound);
    }
    if (auto loops = top_.mapping("loop_guard"); loops.has_value()) {
      read_loop_guard(*loops);
    }
  }

  void read_loop_guard(MappingReader& loops) {
    constexpr std::uint64_t kMostPasses = 100;
    LoopGuardSettings& guard = settings_.session.loop_guard;
    assign(guard.passes, loops.integer("passes", 0, kMostPasses));
    for (const std::string& host : strings_or_none(loops, "relays")) {
      auto name = policy::parse_configured_domain(host);
      if (name.has_value()) {
        guard.relays.push_back(*std::move(name));
      } else {
        loops.error("relays",
                    policy::quoted_excerpt(host) + " is no host name; write mx1.example.net");
      }
    }
    loops.finish();
  }

  void read_outbound(MappingReader& outbound) {
    outbound.require("daemon_name");
    outbound.require("tenants");
    settings_.session.outbound_daemon = outbound.string("daemon_name").value_or("");
    const std::string& name = settings_.session.outbound_daemon;
    const bool is_word = !name.empty() && std::ranges::all_of(name, [](char c) {
      return std::isgraph(static_cast<unsigned char>(c)) != 0;
    });
    const auto path = outbound.string("tenants");
    if (outbound.value("daemon_name").has_value() && !is_word) {
      outbound.error(
          "daemon_name",
          "'daemon_name' must be one word, as the MTA has it in its macro {daemon_name}");
    }
    if (path.has_value() && path->empty()) {
      outbound.error("tenants", "'tenants' must be a file; outbound_tenants.yaml say");
    }
    settings_.outbound_tenants = folder_ / path.value_or("");
    outbound.finish();
  }

  // Texts of a list that may be empty.
  static std::vector<std::string> strings_or_none(MappingReader& reader, std::string_view key) {
    const auto value = reader.value(key);
    const bool is_empty = value.has_value() &&
                          value->kind() == policy::YamlValue::Kind::kSequence &&
                          value->items().empty();
    return is_empty ? std::vector<std::string>{}
                    : reader.strings(key).value_or(std::vector<std::string>{});
  }

  void read_degraded() {
    auto degraded = top_.mapping("degraded");
    if (!degraded.has_value()) {
      return;
    }
    DegradedActions& actions = settings_.session.degraded;
    const auto read = [](MappingReader& reader, std::string_view key, ActionKind& action) {
      assign(action, reader.word<ActionKind>(key, kDegradedWords));
    };
    read(*degraded, "no_snapshot", actions.no_snapshot);
    read(*degraded, "internal_error", actions.internal_error);
    if (auto stale = degraded->mapping("stale_snapshot"); stale.has_value()) {
      assign(settings_.stale_after, stale->duration("after"));
      read(*stale, "action", actions.stale_snapshot);
      stale->finish();
    }
    read(*degraded, "authentication_unavailable", actions.authentication_unavailable);
    degraded->finish();
  }

  void read_authentication() {
    if (const auto id = top_.string("authserv_id"); id.has_value()) {
      settings_.session.authserv_id = *id;
      const bool is_name = !id->empty() && std::ranges::all_of(*id, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
      });
      if (!is_name) {
        top_.error("authserv_id",
                   "'authserv_id' must be a name like mx.example.net: letters, digits, dots and "
                   "hyphens");
      }
    }
    policy::NameServers dns = policy::read_name_servers(top_);
    settings_.dns.timeout = dns.timeout;
    settings_.dns.servers = std::move(dns.servers);
  }

  void read_limits() {
    auto limits = top_.mapping("limits");
    if (!limits.has_value()) {
      return;
    }
    assign(settings_.session.header_octets, limits->size("header_bytes"));
    assign(settings_.session.from_octets, limits->size("from_bytes"));
    assign(settings_.session.recipients, limits->integer("recipients", 1, 1'000'000));
    assign(settings_.connections, limits->integer("connections", 1, 1'000'000));
    limits->finish();
  }

  void read_log() {
    auto log = top_.mapping("log");
    if (!log.has_value()) {
      return;
    }
    assign(settings_.log_level, log->word<policy::LogLevel>("level", kLevelWords));
    assign(settings_.log_format, log->word<policy::LogFormat>("format", kFormatWords));
    log->finish();
  }

  MappingReader top_;
  std::filesystem::path folder_;
  Settings settings_;
};

}  // namespace

std::string ListenAddress::text() const {
  switch (family) {
    case Family::kUnix: return "unix:" + path.string();
    case Family::kInet: return "inet:" + std::to_string(port) + "@" + host;
    case Family::kInet6: return "inet6:" + std::to_string(port) + "@" + host;
  }
  return {};
}

std::optional<Settings> parse_settings(std::string_view text,
                                       const std::string& file_name,
                                       Problems& problems) {
  const auto document = policy::parse_yaml(text, file_name, problems);
  if (!document.has_value()) {
    return std::nullopt;
  }
  SettingsReader reader{MappingReader{*document, problems},
                        std::filesystem::absolute(file_name).parent_path()};
  Settings settings = reader.read();
  return problems.has_errors() ? std::nullopt : std::optional{std::move(settings)};
}

std::optional<Settings> load_settings(const std::filesystem::path& path, Problems& problems) {
  const auto text = policy::read_configuration_file(path, problems);
  return text.has_value() ? parse_settings(*text, path.string(), problems) : std::nullopt;
}

}  // namespace gateway
