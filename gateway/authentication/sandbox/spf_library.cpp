// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/sandbox/spf_library.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/authentication/sandbox/gateway_channel.h"
#include "gateway/authentication/spf/spf_result.h"
#include "gateway/authentication/spf/spf_term_name.h"
#include "policy/ip_address.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

// libspf2's headers use these without including them, and forget that C++ exists.
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>

extern "C" {
#include <spf2/spf.h>
#include <spf2/spf_dns_rr.h>
}

namespace gateway {
namespace {

constexpr int kLifetime = 60;
// The gateway counts terms, exactly; the library's own count starts again at each include.
constexpr int kNoLimitOfTheLibrary = 1000;

void put_text(SPF_dns_rr_t& record, std::string_view text) {
  const int index = record.num_rr;
  if (SPF_dns_rr_buf_realloc(&record, index, text.size() + 1) != SPF_E_SUCCESS) {
    leave();
  }
  // TXT, MX and PTR data are all a string at the begin of the same union.
  char* const place = record.rr[index]->txt;
  std::memcpy(place, text.data(), text.size());
  place[text.size()] = '\0';
  ++record.num_rr;
}

void put_address(SPF_dns_rr_t& record, const policy::IpAddress& address) {
  const int index = record.num_rr;
  if (SPF_dns_rr_buf_realloc(&record, index, sizeof(SPF_dns_rr_data_t)) != SPF_E_SUCCESS) {
    leave();
  }
  if (record.rr_type == ns_t_a) {
    std::memcpy(&record.rr[index]->a, address.data() + 12, sizeof(in_addr));
  } else {
    std::memcpy(&record.rr[index]->aaaa, address.data(), sizeof(in6_addr));
  }
  ++record.num_rr;
}

// The library takes any other failure for "no match".
int library_status(DnsStatus status) {
  switch (status) {
    case DnsStatus::kFound: return NETDB_SUCCESS;
    case DnsStatus::kNoData: return NO_DATA;
    case DnsStatus::kNoName: return HOST_NOT_FOUND;
    case DnsStatus::kTemporaryFailure: break;
  }
  return TRY_AGAIN;
}

DnsAnswer ask_gateway(std::string_view name, ns_type type) {
  const auto term = spf_term_number(name);
  if (!term.has_value() ||
      (type != ns_t_txt && type != ns_t_a && type != ns_t_aaaa && type != ns_t_mx)) {
    DnsAnswer nothing;
    nothing.status = DnsStatus::kNoData;
    return nothing;
  }
  send_to_gateway(
      {.kind = HelperMessageKind::kSpfQuestion,
       .content = encoded(SpfQuestion{.term = *term, .type = static_cast<DnsType>(type)})});
  const HelperMessage reply = receive_from_gateway();
  const auto answer = decode_dns_answer(reply.content);
  if (reply.kind != HelperMessageKind::kDnsReply || !answer.has_value()) {
    leave();
  }
  return *answer;
}

SPF_dns_rr_t* look_up(SPF_dns_server_t* server, const char* name, ns_type type, int /*cache*/) {
  const DnsAnswer answer = ask_gateway(name, type);
  SPF_dns_rr_t* const record =
      SPF_dns_rr_new_init(server, name, type, kLifetime, library_status(answer.status));
  if (record == nullptr) {
    leave();
  }
  if (answer.status == DnsStatus::kFound) {
    for (const std::string& text : type == ns_t_txt ? answer.texts : answer.names) {
      put_text(*record, text);
    }
    for (const policy::IpAddress& address : answer.addresses) {
      put_address(*record, address);
    }
  }
  return record;
}

// Explanations are the sender's own words: nobody gets to see them.
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

SPF_server_t*& server() {
  static SPF_server_t* made = nullptr;
  return made;
}

SpfResult result_of(const SPF_response_t& response) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): libspf2 knows no const
  auto* const asked = const_cast<SPF_response_t*>(&response);
  switch (SPF_response_result(asked)) {
    case SPF_RESULT_PASS: return SpfResult::kPass;
    case SPF_RESULT_FAIL: return SpfResult::kFail;
    case SPF_RESULT_SOFTFAIL: return SpfResult::kSoftFail;
    case SPF_RESULT_NEUTRAL: return SpfResult::kNeutral;
    case SPF_RESULT_NONE: return SpfResult::kNone;
    case SPF_RESULT_TEMPERROR: return SpfResult::kTempError;
    case SPF_RESULT_PERMERROR: return SpfResult::kPermError;
    case SPF_RESULT_INVALID: break;
  }
  // At the sender's own record the library keeps the reason in the error code alone.
  return SPF_response_errcode(asked) == SPF_E_DNS_ERROR ? SpfResult::kTempError
                                                        : SpfResult::kPermError;
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

}  // namespace

void prepare_spf_library() {
  static SPF_dns_server_t dns{};
  dns.lookup = &look_up;
  dns.get_exp = &no_explanation;
  dns.name = "gateway";
  server() = SPF_server_new_dns(&dns, 0);
  SPF_server_set_max_dns_mech(server(), kNoLimitOfTheLibrary);
}

SpfResult check_spf(const SpfTask& task) {
  const std::unique_ptr<SPF_request_t, FreeRequest> request{SPF_request_new(server())};
  set_client(*request, task.client);
  const std::string domain = spf_term_name(kSenderTerm);
  SPF_request_set_helo_dom(request.get(), domain.c_str());
  SPF_request_set_env_from(request.get(), ("postmaster@" + domain).c_str());
  SPF_response_t* response = nullptr;
  SPF_request_query_mailfrom(request.get(), &response);
  const std::unique_ptr<SPF_response_t, FreeResponse> owned{response};
  return owned == nullptr ? SpfResult::kTempError : result_of(*owned);
}

}  // namespace gateway
