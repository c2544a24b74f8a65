// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/spf_check/spf_library.h"

#include "directory/dns/dns_message.h"
#include "directory/dns/mail_dns.h"
#include "directory/dns/spf_words.h"
#include "directory/spf_check/spf_dns.h"
#include "policy/ip_address.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// libspf2's headers use these without including them, and forget that C++ exists.
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>

extern "C" {
#include <spf2/spf.h>
#include <spf2/spf_dns_rr.h>
}

namespace directory {
namespace {

constexpr int kLifetime = 60;
// SpfDns counts terms, exactly; the library's own count starts again at each include.
constexpr int kNoLimitOfTheLibrary = 1000;
constexpr std::size_t kLongestShownRecord = 500;

SPF_dns_server_t& dns_layer() {
  static SPF_dns_server_t layer{};
  return layer;
}

SPF_server_t*& server() {
  static SPF_server_t* made = nullptr;
  return made;
}

void make_room(SPF_dns_rr_t& record, std::size_t size) {
  if (SPF_dns_rr_buf_realloc(&record, record.num_rr, size) != SPF_E_SUCCESS) {
    std::abort();
  }
}

void put_text(SPF_dns_rr_t& record, std::string_view text) {
  make_room(record, text.size() + 1);
  // TXT, MX and PTR data are all a string at the begin of the same union.
  char* const place = record.rr[record.num_rr]->txt;
  std::memcpy(place, text.data(), text.size());
  place[text.size()] = '\0';
  ++record.num_rr;
}

void put_address(SPF_dns_rr_t& record, const policy::IpAddress& address) {
  make_room(record, sizeof(SPF_dns_rr_data_t));
  if (record.rr_type == ns_t_a) {
    std::memcpy(&record.rr[record.num_rr]->a, address.data() + 12, sizeof(in_addr));
  } else {
    std::memcpy(&record.rr[record.num_rr]->aaaa, address.data(), sizeof(in6_addr));
  }
  ++record.num_rr;
}

// The library takes any other failure for "no match".
int library_status(DnsStatus status) {
  switch (status) {
    case DnsStatus::kFound: return NETDB_SUCCESS;
    case DnsStatus::kAbsent: return NO_DATA;
    case DnsStatus::kFailed: break;
  }
  return TRY_AGAIN;
}

DnsAnswer ask(SPF_dns_server_t* layer, const char* name, ns_type type) {
  if (type != ns_t_txt && type != ns_t_a && type != ns_t_aaaa && type != ns_t_mx &&
      type != ns_t_ptr) {
    DnsAnswer nothing;
    nothing.status = DnsStatus::kAbsent;
    return nothing;
  }
  return static_cast<SpfDns*>(layer->hook)->look_up(name, static_cast<DnsType>(type));
}

SPF_dns_rr_t* look_up(SPF_dns_server_t* layer, const char* name, ns_type type, int /*cache*/) {
  const DnsAnswer answer = ask(layer, name, type);
  SPF_dns_rr_t* const record =
      SPF_dns_rr_new_init(layer, name, type, kLifetime, library_status(answer.status));
  if (record == nullptr) {
    std::abort();
  }
  for (const std::string& text : answer.texts) {
    put_text(*record, text);
  }
  for (const MxHost& each : answer.hosts) {
    put_text(*record, each.host);
  }
  for (const policy::IpAddress& address : answer.addresses) {
    put_address(*record, address);
  }
  return record;
}

// Explanations are the domain's own words, which nobody needs here.
SPF_errcode_t no_explanation(SPF_server_t* /*server*/,
                             const char* /*domain*/,
                             char** text,
                             std::size_t* size) {
  // NOLINTBEGIN(cppcoreguidelines-no-malloc): the library frees it with free
  std::free(*text);
  *text = static_cast<char*>(std::calloc(1, 1));
  // NOLINTEND(cppcoreguidelines-no-malloc)
  *size = 1;
  return *text == nullptr ? SPF_E_NO_MEMORY : SPF_E_SUCCESS;
}

SpfResult result_of(SPF_response_t* response) {
  switch (SPF_response_result(response)) {
    case SPF_RESULT_PASS: return SpfResult::kPass;
    case SPF_RESULT_FAIL: return SpfResult::kFail;
    case SPF_RESULT_SOFTFAIL: return SpfResult::kSoftFail;
    case SPF_RESULT_NEUTRAL: return SpfResult::kNeutral;
    case SPF_RESULT_NONE: return SpfResult::kNone;
    case SPF_RESULT_TEMPERROR: return SpfResult::kTempError;
    case SPF_RESULT_PERMERROR: return SpfResult::kPermError;
    case SPF_RESULT_INVALID: break;
  }
  // At the domain's own record the library keeps the reason in the error code alone.
  return SPF_response_errcode(response) == SPF_E_DNS_ERROR ? SpfResult::kTempError
                                                           : SpfResult::kPermError;
}

std::string_view meaning_of(SpfResult result) {
  switch (result) {
    case SpfResult::kPass: return "is permitted by the record of ";
    case SpfResult::kFail: return "is refused by the record of ";
    case SpfResult::kSoftFail: return "is probably refused by the record of ";
    case SpfResult::kNeutral: return "is neither permitted nor refused by the record of ";
    default: return "cannot be compared with the record, which is in error, of ";
  }
}

struct FreeRequest {
  void operator()(SPF_request_t* request) const { SPF_request_free(request); }
};

struct FreeResponse {
  void operator()(SPF_response_t* response) const { SPF_response_free(response); }
};

void set_client(SPF_request_t& request, const policy::IpAddress& client) {
  if (policy::is_ipv4(client)) {
    in_addr address{};
    std::memcpy(&address, client.data() + 12, sizeof address);
    SPF_request_set_ipv4(&request, address);
    return;
  }
  in6_addr address{};
  std::memcpy(&address, client.data(), sizeof address);
  SPF_request_set_ipv6(&request, address);
}

// The library asks this one as long as it lives.
class LayerFor {
 public:
  explicit LayerFor(SpfDns& dns) { dns_layer().hook = &dns; }

  LayerFor(const LayerFor&) = delete;
  LayerFor& operator=(const LayerFor&) = delete;
  LayerFor(LayerFor&&) = delete;
  LayerFor& operator=(LayerFor&&) = delete;

  ~LayerFor() { dns_layer().hook = nullptr; }
};

SpfAnswer nonsense(std::string explanation) {
  return {.result = SpfResult::kPermError, .explanation = std::move(explanation)};
}

}  // namespace

void prepare_spf_library() {
  SPF_dns_server_t& layer = dns_layer();
  layer.lookup = &look_up;
  layer.get_exp = &no_explanation;
  layer.name = "fromguard";
  server() = SPF_server_new_dns(&layer, 0);
  SPF_server_set_max_dns_mech(server(), kNoLimitOfTheLibrary);
}

SpfAnswer check_spf(const SpfRequest& request, SpfDns::Ask ask) {
  const auto client = policy::parse_ip_address(request.address);
  const std::string domain = lower_dns_name(request.domain);
  if (!client.has_value() || !is_dns_name(domain)) {
    return nonsense("the domain is no domain, or the address is no address");
  }
  if (!policy::is_remote(*client)) {
    // The library lets this machine itself pass, whatever the record says.
    return nonsense(request.address + " is no address from which another server gets mail");
  }
  SpfDns dns{std::move(ask), domain, *client};
  const LayerFor layer{dns};
  const std::unique_ptr<SPF_request_t, FreeRequest> asked{SPF_request_new(server())};
  set_client(*asked, *client);
  SPF_request_set_helo_dom(asked.get(), domain.c_str());
  SPF_request_set_env_from(asked.get(), ("postmaster@" + domain).c_str());
  SPF_response_t* made = nullptr;
  SPF_request_query_mailfrom(asked.get(), &made);
  const std::unique_ptr<SPF_response_t, FreeResponse> response{made};
  const std::optional<SpfAnswer>& decided = dns.decided();
  if (decided.has_value()) {
    return *decided;
  }
  SpfAnswer answer;
  answer.result = response == nullptr ? SpfResult::kTempError : result_of(response.get());
  answer.explanation = request.address + " ";
  answer.explanation += meaning_of(answer.result);
  answer.explanation += domain + ": " + dns.record().substr(0, kLongestShownRecord);
  return answer;
}

}  // namespace directory
