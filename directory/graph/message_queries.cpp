// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/message_queries.h"

#include "directory/graph/batch.h"
#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/graph/message_decoder.h"
#include "directory/graph/readable.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// So many requests of one application Outlook serves at a time for one mailbox.
// https://learn.microsoft.com/graph/throttling-limits
constexpr std::size_t kMostOfOneMailbox = 4;
constexpr int kMostPages = 100;  // of the copies of one message in one mailbox

constexpr std::string_view kCopyProperties =
    "$select=id,internetMessageId,parentFolderId,receivedDateTime,subject,from,isRead,isDraft";
constexpr std::string_view kFolderProperties = "$select=id,displayName,isHidden";

struct MailboxRequest {
  std::string user_id;
  BatchRequest request;
};

// An id that a move does not change. https://learn.microsoft.com/graph/outlook-immutable-id
HttpHeaders immutable_ids() {
  return {{"Prefer", "IdType=\"ImmutableId\""}};
}

BatchRequest request_of(std::string target) {
  BatchRequest request;
  request.target = std::move(target);
  request.headers = immutable_ids();
  request.permission = kMailPermission;
  return request;
}

BatchRequest post_of(std::string target, const json::object& body) {
  BatchRequest request = request_of(std::move(target));
  request.method = "POST";
  request.body = json::serialize(body);
  return request;
}

std::string path_of_user(const std::string& id) {
  return "/users/" + percent_encoded(id);
}

std::string path_of_folder(const FolderPlace& place) {
  return path_of_user(place.user_id) + "/mailFolders/" + percent_encoded(place.folder);
}

std::string path_of_copy(const CopyPlace& copy) {
  const FolderPlace folder{.user_id = copy.user_id, .folder = copy.folder};
  const std::string place =
      copy.folder.empty() ? path_of_user(copy.user_id) : path_of_folder(folder);
  return place + "/messages/" + percent_encoded(copy.id);
}

// `PROPERTY eq 'VALUE'`, for a query.
std::string equals(std::string_view property, std::string_view value) {
  std::string literal;
  for (const char c : value) {
    literal += c;
    if (c == '\'') {
      literal += c;
    }
  }
  return "$filter=" + std::string{property} + "%20eq%20%27" + percent_encoded(literal) + "%27";
}

std::string target_of(const CopyQuestion& question) {
  const FolderPlace folder{.user_id = question.user_id, .folder = question.folder};
  const std::string place =
      question.folder.empty() ? path_of_user(question.user_id) : path_of_folder(folder);
  return place + "/messages?" + equals("internetMessageId", question.message_id) + '&' +
         std::string{kCopyProperties};
}

// Takes the next ones to be sent together: a batch with few enough of each mailbox.
std::vector<std::size_t> take_wave(const std::vector<MailboxRequest>& requests,
                                   std::vector<std::size_t>& waiting) {
  std::map<std::string, std::size_t> counts;
  std::vector<std::size_t> wave;
  std::vector<std::size_t> others;
  for (const std::size_t id : waiting) {
    const bool fits = wave.size() < kBatchSize && counts[requests[id].user_id] < kMostOfOneMailbox;
    counts[requests[id].user_id] += fits ? 1 : 0;
    (fits ? wave : others).push_back(id);
  }
  waiting = std::move(others);
  return wave;
}

Task<EachAnswer<GraphAnswer>> send_all(GraphClient& client, std::vector<MailboxRequest> requests) {
  std::vector<GraphResult<GraphAnswer>> answers(requests.size());
  std::vector<std::size_t> waiting;
  waiting.reserve(requests.size());
  for (std::size_t id = 0; id < requests.size(); ++id) {
    waiting.push_back(id);
  }
  while (!waiting.empty()) {
    const std::vector<std::size_t> wave = take_wave(requests, waiting);
    std::vector<BatchRequest> batch;
    batch.reserve(wave.size());
    for (const std::size_t id : wave) {
      batch.push_back(std::move(requests[id].request));
    }
    HttpHeaders headers = immutable_ids();
    auto sent = co_await client.send_batch(std::move(batch), std::move(headers));
    if (!sent.has_value()) {
      co_return std::unexpected{std::move(sent).error()};
    }
    for (std::size_t i = 0; i < wave.size(); ++i) {
      answers[wave[i]] = std::move((*sent)[i]);
    }
  }
  co_return answers;
}

template <typename T>
GraphResult<T> decoded(const GraphResult<GraphAnswer>& answer,
                       std::string_view what,
                       policy::Result<T> (*decode)(std::string_view)) {
  if (!answer.has_value()) {
    return std::unexpected{answer.error()};
  }
  return readable(what, decode(answer->body));
}

template <typename T>
Task<EachAnswer<T>> ask_all(GraphClient& client,
                            std::vector<MailboxRequest> requests,
                            std::string_view what,
                            policy::Result<T> (*decode)(std::string_view)) {
  auto answers = co_await send_all(client, std::move(requests));
  if (!answers.has_value()) {
    co_return std::unexpected{std::move(answers).error()};
  }
  std::vector<GraphResult<T>> all;
  all.reserve(answers->size());
  for (const GraphResult<GraphAnswer>& answer : *answers) {
    all.push_back(decoded(answer, what, decode));
  }
  co_return all;
}

// The rest of a list whose first page is there.
Task<GraphResult<std::vector<MessageCopy>>> read_rest(GraphClient& client, CopyPage page) {
  std::vector<MessageCopy> copies = std::move(page.copies);
  for (int pages = 1; !page.next_link.empty(); ++pages) {
    if (pages >= kMostPages) {
      co_return std::unexpected{
          graph_failure(GraphFailureKind::kRefused, "Graph's list of messages does not end")};
    }
    GraphRequest request;
    request.target = page.next_link;  // followed only to the configured origin
    request.headers = immutable_ids();
    request.permission = kMailPermission;
    const auto answer = co_await client.send(std::move(request));
    auto next = decoded(answer, "messages", decode_copies);
    if (!next.has_value()) {
      co_return std::unexpected{std::move(next).error()};
    }
    page = *std::move(next);
    std::ranges::move(page.copies, std::back_inserter(copies));
  }
  co_return copies;
}

GraphResult<std::optional<MailFolder>> hidden_one(GraphResult<std::vector<MailFolder>> folders) {
  if (!folders.has_value()) {
    return std::unexpected{std::move(folders).error()};
  }
  if (folders->empty()) {
    return std::nullopt;
  }
  const auto hidden = std::ranges::find(*folders, true, &MailFolder::is_hidden);
  return hidden == folders->end() ? folders->front() : *hidden;
}

}  // namespace

Task<EachAnswer<std::vector<MessageCopy>>> MessageQueries::copies(
    std::vector<CopyQuestion> questions) {
  std::vector<MailboxRequest> requests;
  requests.reserve(questions.size());
  for (const CopyQuestion& question : questions) {
    requests.push_back({.user_id = question.user_id, .request = request_of(target_of(question))});
  }
  auto pages = co_await ask_all<CopyPage>(*client_, std::move(requests), "messages", decode_copies);
  if (!pages.has_value()) {
    co_return std::unexpected{std::move(pages).error()};
  }
  std::vector<GraphResult<std::vector<MessageCopy>>> all;
  all.reserve(pages->size());
  for (GraphResult<CopyPage>& page : *pages) {
    if (!page.has_value()) {
      all.emplace_back(std::unexpected{std::move(page).error()});
      continue;
    }
    auto whole = co_await read_rest(*client_, *std::move(page));
    all.push_back(std::move(whole));
  }
  co_return all;
}

Task<EachAnswer<MailFolder>> MessageQueries::folders(std::vector<FolderPlace> places) {
  std::vector<MailboxRequest> requests;
  requests.reserve(places.size());
  for (FolderPlace& place : places) {
    std::string target = path_of_folder(place) + '?' + std::string{kFolderProperties};
    requests.push_back(
        {.user_id = std::move(place.user_id), .request = request_of(std::move(target))});
  }
  return ask_all<MailFolder>(*client_, std::move(requests), "a mail folder", decode_folder);
}

Task<EachAnswer<std::optional<MailFolder>>> MessageQueries::folders_named(
    std::vector<std::string> user_ids, std::string name) {
  std::vector<MailboxRequest> requests;
  requests.reserve(user_ids.size());
  for (const std::string& id : user_ids) {
    std::string target = path_of_user(id) + "/mailFolders?includeHiddenFolders=true&" +
                         equals("displayName", name) + '&' + std::string{kFolderProperties};
    requests.push_back({.user_id = id, .request = request_of(std::move(target))});
  }
  auto lists = co_await ask_all<std::vector<MailFolder>>(
      *client_, std::move(requests), "mail folders", decode_folders);
  if (!lists.has_value()) {
    co_return std::unexpected{std::move(lists).error()};
  }
  std::vector<GraphResult<std::optional<MailFolder>>> found;
  found.reserve(lists->size());
  for (GraphResult<std::vector<MailFolder>>& folders : *lists) {
    found.push_back(hidden_one(std::move(folders)));
  }
  co_return found;
}

Task<EachAnswer<MailFolder>> MessageQueries::make_hidden_folders(std::vector<std::string> user_ids,
                                                                 const std::string& name) {
  json::object body;
  body["displayName"] = name;
  body["isHidden"] = true;
  std::vector<MailboxRequest> requests;
  requests.reserve(user_ids.size());
  for (std::string& id : user_ids) {
    BatchRequest request = post_of(path_of_user(id) + "/mailFolders", body);
    requests.push_back({.user_id = std::move(id), .request = std::move(request)});
  }
  return ask_all<MailFolder>(*client_, std::move(requests), "a mail folder", decode_folder);
}

Task<EachAnswer<MessageCopy>> MessageQueries::move(std::vector<CopyMove> moves) {
  std::vector<MailboxRequest> requests;
  requests.reserve(moves.size());
  for (CopyMove& each : moves) {
    json::object body;
    body["destinationId"] = each.to;
    BatchRequest request = post_of(path_of_copy(each.copy) + "/move", body);
    requests.push_back({.user_id = std::move(each.copy.user_id), .request = std::move(request)});
  }
  return ask_all<MessageCopy>(*client_, std::move(requests), "a message", decode_copy);
}

}  // namespace directory
