// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/given_directory.h"

#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/graph/guid.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace directory {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// The field that brings a secret as text, and the one that names a file instead.
struct SecretField {
  std::string_view text;
  std::string_view file;
  std::string_view suffix;
};

constexpr std::array<SecretField, 2> kSecrets{
    {{.text = "secret_value", .file = "secret", .suffix = ".secret"},
     {.text = "certificate_pem", .file = "certificate", .suffix = ".pem"}}};

bool is_below(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path, error);
  const fs::path outer = fs::weakly_canonical(folder, error);
  const auto [outer_end, inner_end] = std::ranges::mismatch(outer, inner);
  return !error && outer_end == outer.end();
}

std::expected<void, Problem> check_csv_path(const json::object& settings,
                                            const Principal& principal,
                                            const DirectoryFolders& folders) {
  const json::value* path = settings.if_contains("path");
  if (path == nullptr || !path->is_string()) {
    return {};
  }
  const fs::path file = folders.configuration / std::string_view{path->get_string()};
  if (principal.is_unscoped() && file.extension() == ".csv" &&
      is_below(file, folders.configuration)) {
    return {};
  }
  return refuse_request(
      "a CSV file can be named here only if it ends in .csv and is in the folder of "
      "directory.yaml, "
      "and only by who may see every organization; declare others in directory.yaml",
      "/path");
}

// What whoever is not on the machine itself may not name.
std::expected<void, Problem> check_remote(const json::object& settings,
                                          const Principal& principal,
                                          const DirectoryFolders& folders) {
  if (principal.means == Principal::Means::kSocket) {
    return {};
  }
  const json::value* cloud = settings.if_contains("cloud");
  if (cloud != nullptr && !cloud->is_string()) {
    return refuse_request(
        "a cloud is named here by its word: global, us-gov-high, us-gov-dod or china; declare "
        "other servers in directory.yaml",
        "/cloud");
  }
  const json::value* credential = settings.if_contains("credential");
  for (const SecretField& field : kSecrets) {
    const bool is_named = credential != nullptr && credential->is_object() &&
                          credential->get_object().contains(field.file);
    if (is_named) {
      return refuse_request(
          "files of the server are not named here; send the text itself as "
          "credential." +
              std::string{field.text},
          "/credential/" + std::string{field.file});
    }
  }
  return check_csv_path(settings, principal, folders);
}

std::expected<void, Problem> take_secret(json::object& credential,
                                         const DirectoryFolders& folders,
                                         GivenDirectory& given) {
  for (const SecretField& field : kSecrets) {
    const json::value* text = credential.if_contains(field.text);
    if (text == nullptr) {
      continue;
    }
    if (!text->is_string() || text->get_string().empty()) {
      return refuse_request("'" + std::string{field.text} + "' must be a text that is not empty",
                            "/credential/" + std::string{field.text});
    }
    if (!given.file.empty()) {
      return refuse_request("a credential is a secret or a certificate, not both", "/credential");
    }
    given.secret = std::string{text->get_string()};
    given.file = folders.secrets() / (random_guid() + std::string{field.suffix});
    credential.erase(field.text);
    credential[field.file] = given.file.string();
  }
  return {};
}

}  // namespace

DirectoryFolders folders_of(const ApiServices& services) {
  return {.configuration = services.folder, .state = services.settings->state};
}

std::expected<GivenDirectory, Problem> take_directory(const std::string& settings,
                                                      const Principal& principal,
                                                      const DirectoryFolders& folders) {
  json::value value = json::parse(settings);
  json::object& object = value.as_object();
  if (auto checked = check_remote(object, principal, folders); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  GivenDirectory given;
  json::value* credential = object.if_contains("credential");
  if (credential != nullptr && credential->is_object()) {
    auto taken = take_secret(credential->get_object(), folders, given);
    if (!taken.has_value()) {
      return std::unexpected{std::move(taken).error()};
    }
  }
  given.settings = json::serialize(value);
  return given;
}

void remove_secret_of(const std::string& settings, const DirectoryFolders& folders) {
  boost::system::error_code no_json;
  const json::value value = json::parse(settings, no_json);
  if (no_json) {
    return;
  }
  for (const SecretField& field : kSecrets) {
    boost::system::error_code absent;
    const json::value* path = value.find_pointer("/credential/" + std::string{field.file}, absent);
    if (path == nullptr || !path->is_string()) {
      continue;
    }
    const fs::path file{std::string_view{path->get_string()}};
    std::error_code ignored;
    if (file.parent_path() == folders.secrets()) {
      fs::remove(file, ignored);
    }
  }
}

}  // namespace directory
