// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

// The milter protocol, version 6, as libmilter and the MTAs speak it. The numbers are written here
// a second time on purpose: a test must not take them from the library it tests.

/// What the MTA sends.
enum class Command : char {
  kAbort = 'A',
  kBody = 'B',
  kConnect = 'C',
  kMacros = 'D',
  kEndOfMessage = 'E',
  kHelo = 'H',
  kQuitNewConnection = 'K',
  kHeader = 'L',
  kMail = 'M',
  kEndOfHeaders = 'N',
  kNegotiate = 'O',
  kQuit = 'Q',
  kRcpt = 'R',
  kData = 'T',
  kUnknown = 'U',
};

/// Where macros are sent, numbered as a milter's list of wanted macros numbers them.
enum class MacroStage : std::uint32_t {
  kConnect = 0,
  kHelo = 1,
  kMail = 2,
  kRcpt = 3,
  kData = 4,
  kEndOfMessage = 5,
  kEndOfHeaders = 6,
};

inline constexpr std::uint32_t kProtocolVersion = 6;

inline constexpr std::uint32_t kActionAddHeaders = 0x001;
inline constexpr std::uint32_t kActionAddRecipients = 0x004;
inline constexpr std::uint32_t kActionDeleteRecipients = 0x008;
inline constexpr std::uint32_t kActionChangeHeaders = 0x010;
inline constexpr std::uint32_t kActionQuarantine = 0x020;
inline constexpr std::uint32_t kAllActions = 0x1FF;

inline constexpr std::uint32_t kStepNoConnect = 0x000001;
inline constexpr std::uint32_t kStepNoHelo = 0x000002;
inline constexpr std::uint32_t kStepNoMail = 0x000004;
inline constexpr std::uint32_t kStepNoRcpt = 0x000008;
inline constexpr std::uint32_t kStepNoBody = 0x000010;
inline constexpr std::uint32_t kStepNoHeaders = 0x000020;
inline constexpr std::uint32_t kStepNoEndOfHeaders = 0x000040;
inline constexpr std::uint32_t kStepSilentHeader = 0x000080;
inline constexpr std::uint32_t kStepNoUnknown = 0x000100;
inline constexpr std::uint32_t kStepNoData = 0x000200;
inline constexpr std::uint32_t kStepSkip = 0x000400;
inline constexpr std::uint32_t kStepRejectedRcpt = 0x000800;
inline constexpr std::uint32_t kStepSilentConnect = 0x001000;
inline constexpr std::uint32_t kStepSilentHelo = 0x002000;
inline constexpr std::uint32_t kStepSilentMail = 0x004000;
inline constexpr std::uint32_t kStepSilentRcpt = 0x008000;
inline constexpr std::uint32_t kStepSilentData = 0x010000;
inline constexpr std::uint32_t kStepSilentUnknown = 0x020000;
inline constexpr std::uint32_t kStepSilentEndOfHeaders = 0x040000;
inline constexpr std::uint32_t kStepSilentBody = 0x080000;
inline constexpr std::uint32_t kStepLeadingSpace = 0x100000;
inline constexpr std::uint32_t kAllSteps = 0x1FFFFF;

/// What one side says in the negotiation. The default is what Postfix 3.7 offers.
struct Negotiation {
  std::uint32_t version = kProtocolVersion;
  std::uint32_t actions = kAllActions;
  std::uint32_t steps = kAllSteps;
  /// The macros a milter wants at each stage; a stage that is absent keeps the MTA's own list.
  std::map<MacroStage, std::vector<std::string>> macros;
};

/// One packet: its command or reply octet, and what follows.
struct Packet {
  char code = 0;
  std::string data;
};

/// Appends a packet to `out`.
void append_packet(std::string& out, char code, std::string_view data);

/// Appends `number` as four octets, most significant first.
void append_number(std::string& out, std::uint32_t number);

/// Appends `text` and the NUL that ends it.
void append_text(std::string& out, std::string_view text);

/// The four octets at `at`, which must be there.
[[nodiscard]] std::uint32_t read_number(std::string_view bytes, std::size_t at);

/// Cuts `data` at its NULs; each text must be ended by one.
[[nodiscard]] policy::Result<std::vector<std::string>> split_texts(std::string_view data);

/// The data of a negotiation packet.
[[nodiscard]] std::string encode(const Negotiation& negotiation);

/// Reads the data of a negotiation packet.
[[nodiscard]] policy::Result<Negotiation> parse_negotiation(std::string_view data);

/// Cuts a stream of octets into packets.
class PacketReader {
 public:
  void feed(std::string_view bytes);

  /// The next whole packet, or nothing yet. A length of zero or of more than 16 MiB is
  /// kInvalidInput: the stream cannot be read further.
  [[nodiscard]] policy::Result<std::optional<Packet>> next();

 private:
  std::string buffer_;
  std::size_t read_ = 0;
};

}  // namespace tests
