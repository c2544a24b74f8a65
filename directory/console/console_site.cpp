// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/console/console_site.h"

#include "directory/console/console_assets.h"
#include "directory/http/client.h"
#include "directory/http/server.h"
#include "directory/task.h"

#include <string>
#include <string_view>

namespace directory {
namespace {

constexpr unsigned kOk = 200;
constexpr unsigned kNotModified = 304;
constexpr unsigned kNotFound = 404;
constexpr unsigned kMethodNotAllowed = 405;

// Nothing but our own script, style, picture and API; no markup from text, whoever wrote it.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

std::string_view field_of(const ServedRequest& request, std::string_view name) {
  return find_header(request.headers, name).value_or(std::string_view{});
}

ServedResponse plain_answer(unsigned status, const char* text) {
  ServedResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-store"}};
  response.body = text;
  return response;
}

// The file of this path. The page stands for every address whose last piece has no dot: what has
// one is a file, and one that is not there.
const ConsoleAsset* asset_of(std::string_view path) {
  const ConsoleAsset* asset = find_console_asset(path);
  const std::string_view last = path.substr(path.rfind('/') + 1);
  const bool is_page = last.find('.') == std::string_view::npos && !path.starts_with("/assets/");
  return asset == nullptr && is_page ? find_console_asset("/index.html") : asset;
}

struct Coded {
  std::string_view body;
  const char* coding;  // of the field Content-Encoding; empty for none
  const char* suffix;  // of the tag: each coding is a representation of its own
};

Coded coded(const ConsoleAsset& asset, ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kBrotli: return {.body = asset.brotli, .coding = "br", .suffix = "-br"};
    case ContentCoding::kGzip: return {.body = asset.gzip, .coding = "gzip", .suffix = "-gz"};
    case ContentCoding::kIdentity: break;
  }
  return {.body = asset.plain, .coding = "", .suffix = ""};
}

}  // namespace

ServedResponse serve_console(const ServedRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    ServedResponse refused = plain_answer(kMethodNotAllowed, "Only GET and HEAD.\n");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  const ConsoleAsset* asset = asset_of(request.path);
  if (asset == nullptr) {
    return plain_answer(kNotFound, "Not found.\n");
  }
  const Coded chosen = coded(*asset, choose_coding(field_of(request, "Accept-Encoding")));
  const std::string tag = "\"" + std::string{asset->digest} + chosen.suffix + "\"";
  ServedResponse response;
  response.headers = {
      {"Content-Security-Policy", kContentSecurityPolicy},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cache-Control", asset->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Vary", "Accept-Encoding"},
      {"ETag", tag}};
  if (field_of(request, "If-None-Match").find(tag) != std::string_view::npos) {
    response.status = kNotModified;
    return response;
  }
  response.status = kOk;
  response.headers.emplace_back("Content-Type", asset->content_type);
  if (*chosen.coding != '\0') {
    response.headers.emplace_back("Content-Encoding", chosen.coding);
  }
  response.body = chosen.body;
  return response;
}

HttpHandler make_console_handler() {
  return [](ServedRequest request) -> Task<ServedResponse> { co_return serve_console(request); };
}

}  // namespace directory
