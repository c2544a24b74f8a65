// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/repeated_key.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/api/routing.h"
#include "directory/http/server.h"
#include "directory/http/url.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/piece_mutator.h"
#include "tests/fuzz/pieces.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using directory::Access;
using directory::Operation;
using directory::Route;

// Of each shape that the table of the API has.
const std::vector<Route>& routes() {
  static const std::vector<Route> all{
      Route{Access::kRead, "GET", "directories", Operation{nullptr}},
      Route{Access::kAdmin, "POST", "directories", Operation{nullptr}},
      Route{Access::kRead, "GET", "people", Operation{nullptr}, {"search", "limit", "after"}},
      Route{Access::kRead, "GET", "people/{}/{}/{}", Operation{nullptr}},
      Route{Access::kAdmin, "DELETE", "people/{}/{}/{}", Operation{nullptr}},
      Route{Access::kAdmin, "PUT", "domains/{}/next-hop", Operation{nullptr}}};
  return all;
}

// METHOD PATH?QUERY, an empty line, a body. Of the first the server lets no other characters
// through.
directory::ServedRequest request_of(std::string_view text) {
  directory::ServedRequest request;
  const std::size_t end = std::min(text.find("\n\n"), text.size());
  std::string visible{text.substr(0, end)};
  std::erase_if(visible, [](char c) { return c < ' ' || c > '~'; });
  std::string_view line = visible;
  request.body = text.substr(std::min(end + 2, text.size()));
  const std::size_t space = std::min(line.find(' '), line.size());
  request.method = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  const std::size_t mark = std::min(line.find('?'), line.size());
  request.path = line.substr(0, mark);
  request.query = line.substr(std::min(mark + 1, line.size()));
  return request;
}

void check_problem(const directory::Problem& problem) {
  check(problem.status >= 400 && problem.status < 600 && !problem.code.empty() &&
        !problem.detail.empty());
  const directory::ServedResponse response = directory::to_response(std::unexpected{problem});
  boost::system::error_code error;
  check(response.status == problem.status);
  // Whatever a request has said, the answer to it can be read.
  boost::json::parse(response.body, error);
  check(!error);
}

// A route gets what its path and its query may hold, and the same when that is written in another
// way.
void route(const directory::ServedRequest& request) {
  const auto match = directory::find_route(routes(), request);
  if (!match.has_value()) {
    check_problem(match.error());
    return;
  }
  std::string path = "/api/v1/";
  std::size_t used = 0;
  for (const char c : match->route->path) {
    if (c == '}') {
      const std::string& capture = match->request.captures.at(used);
      check(!capture.empty());
      path += directory::percent_encoded(capture);
      ++used;
    } else if (c != '{') {
      path += c;
    }
  }
  check(used == match->request.captures.size());
  std::set<std::string> names;
  for (const auto& [name, value] : match->request.query) {
    check(names.insert(name).second &&
          std::ranges::find(match->route->query_keys, name) != match->route->query_keys.end());
  }
  directory::ServedRequest again = request;
  again.path = path;
  const auto second = directory::find_route(routes(), again);
  check(second.has_value() && second->route == match->route &&
        second->request.captures == match->request.captures);
}

// How many members the objects of a document have.
std::size_t members_of(const boost::json::value& value) {
  std::size_t members = 0;
  if (const auto* const object = value.if_object(); object != nullptr) {
    members += object->size();
    for (const auto& member : *object) {
      members += members_of(member.value());
    }
  } else if (const auto* const array = value.if_array(); array != nullptr) {
    for (const auto& item : *array) {
      members += members_of(item);
    }
  }
  return members;
}

// How many the text of that document has: as many as colons outside of texts.
std::size_t colons_of(std::string_view text) {
  std::size_t colons = 0;
  bool is_in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      is_in_text = !is_in_text;
    } else if (is_in_text) {
      i += text[i] == '\\' ? 1 : 0;
    } else {
      colons += text[i] == ':' ? 1 : 0;
    }
  }
  return colons;
}

void read_fields(std::string_view body) {
  boost::system::error_code error;
  const boost::json::value document = boost::json::parse(body, error);
  if (!error) {
    check(directory::find_repeated_key(body).has_value() ==
          (members_of(document) != colons_of(body)));
  }
  auto fields = directory::RequestFields::parse(body);
  if (!fields.has_value()) {
    check_problem(fields.error());
    return;
  }
  static_cast<void>(fields->text("name"));
  static_cast<void>(fields->boolean("enabled"));
  static_cast<void>(fields->number("limit"));
  static_cast<void>(fields->texts("addresses"));
  fields->for_each_object("items", [](directory::RequestFields& item) {
    item.require("id");
    static_cast<void>(item.text("id"));
  });
  if (fields->is_null("rest")) {
    boost::json::parse(fields->rest(), error);
    check(!error);
  }
  if (const auto finished = fields->finish(); !finished.has_value()) {
    check_problem(finished.error());
  }
}

constexpr auto kPieces = joined(kPiecesOfJson,
                                std::to_array<std::string_view>({"GET ",
                                                                 "HEAD ",
                                                                 "POST ",
                                                                 "DELETE ",
                                                                 "PUT ",
                                                                 "/api/v1/",
                                                                 "/api/v1/people",
                                                                 "/api/v1/people/a/b/c",
                                                                 "/api/v1/domains/a/next-hop",
                                                                 "/api/v1/directories",
                                                                 "/",
                                                                 "//",
                                                                 "..",
                                                                 "%2f",
                                                                 "%2F",
                                                                 "%2B",
                                                                 "%26",
                                                                 "%00",
                                                                 "%25",
                                                                 "%C3%A9",
                                                                 "%ff",
                                                                 "%",
                                                                 "+",
                                                                 "&",
                                                                 "?",
                                                                 "search=",
                                                                 "limit=",
                                                                 "after=",
                                                                 "limit=1&limit=2",
                                                                 "a=b",
                                                                 "=",
                                                                 "\n\n",
                                                                 "name",
                                                                 "enabled",
                                                                 "limit",
                                                                 "addresses",
                                                                 "items",
                                                                 "id",
                                                                 "rest",
                                                                 "~",
                                                                 "\\u006eame",
                                                                 "name\\u0000",
                                                                 "a/b~c",
                                                                 "\"name\":1,\"name\":2"}));

}  // namespace

constinit const std::span<const std::string_view> kGrammar = kPieces;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const directory::ServedRequest request = request_of(fuzz_input(data, size));
  route(request);
  read_fields(request.body);
  return 0;
}
