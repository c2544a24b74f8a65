// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/smtp_delivery.h"

#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>
#include <curl/easy.h>
#include <curl/system.h>
#include <fmt/format.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

// libcurl wants to be begun once, before any handle.
bool begin_library() {
  static const bool is_begun = curl_global_init(CURL_GLOBAL_NOTHING) == CURLE_OK;
  return is_begun;
}

std::size_t give_octets(char* to, std::size_t size, std::size_t number, void* source) {
  auto& rest = *static_cast<std::string_view*>(source);
  const std::size_t given = std::min(size * number, rest.size());
  std::memcpy(to, rest.data(), given);
  rest.remove_prefix(given);
  return given;
}

int may_go_on(void* is_over,
              curl_off_t /*expected*/,
              curl_off_t /*received*/,
              curl_off_t /*to_send*/,
              curl_off_t /*sent*/) {
  return static_cast<const std::atomic<bool>*>(is_over)->load() ? 1 : 0;
}

// The last line that the server said, for people.
std::size_t keep_line(char* line, std::size_t size, std::size_t number, void* kept) {
  constexpr std::size_t kMost = 500;
  std::string_view text{line, size * number};
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);
  static_cast<std::string*>(kept)->assign(text.substr(0, kMost));
  return size * number;
}

// What follows the slash is what we call ourselves in EHLO.
std::string url_of(const SmtpMail& mail) {
  const bool is_ipv6 = mail.server.host.contains(':');
  return fmt::format("smtp://{}{}{}:{}/{}",
                     is_ipv6 ? "[" : "",
                     mail.server.host,
                     is_ipv6 ? "]" : "",
                     mail.server.port,
                     policy::domain_of(mail.from));
}

Result<List> list_of(const std::vector<std::string>& addresses) {
  List list;
  for (const std::string& each : addresses) {
    curl_slist* const longer = curl_slist_append(list.get(), ("<" + each + ">").c_str());
    if (longer == nullptr) {
      return fail(ErrorCode::kUnavailable, "there is not enough memory to send mail");
    }
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

}  // namespace

Result<void> send_by_smtp(const SmtpMail& mail, const std::atomic<bool>& is_over) {
  const Easy handle{begin_library() ? curl_easy_init() : nullptr};
  const auto recipients = list_of(mail.to);
  if (handle == nullptr || !recipients.has_value()) {
    return fail(ErrorCode::kUnavailable, "there is not enough memory to send mail");
  }
  CURL* const curl = handle.get();
  const std::string url = url_of(mail);
  const std::string from = "<" + mail.from + ">";
  std::string_view rest = mail.message;
  std::string said;
  // Setting an option fails for want of memory alone, and then so does the transfer.
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_URL, url.c_str()));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp"));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_PROXY, ""));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str()));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients->get()));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_READFUNCTION, &give_octets));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_READDATA, &rest));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &keep_line));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_HEADERDATA, &said));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, mail.timeout.count()));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &may_go_on));
  static_cast<void>(curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &is_over));
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) {
    return {};
  }
  const bool is_refused = said.starts_with('5');
  const bool has_spoken = is_refused || said.starts_with('4');
  return fail(is_refused ? ErrorCode::kInvalidInput : ErrorCode::kUnavailable,
              fmt::format("{}:{}: {}",
                          mail.server.host,
                          mail.server.port,
                          has_spoken ? policy::visible_text(said) : curl_easy_strerror(code)));
}

}  // namespace directory
