// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/generated_names.h"

#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

constexpr auto kGiven = std::to_array<std::string_view>(
    {"Agnes",    "Amara",    "Anselm",  "Aoife",  "Arjun",  "Beatrix", "Björn",   "Carmen",
     "Chloé",    "Conrad",   "Daria",   "Dmitri", "Edith",  "Emeka",   "Esther",  "Farid",
     "Fiona",    "François", "Gerda",   "Giulia", "Hamza",  "Hannah",  "Henrik",  "Imogen",
     "Ines",     "Ivan",     "Jasper",  "Jia",    "José",   "Judith",  "Kaito",   "Karim",
     "Laila",    "Leon",     "Łukasz",  "Magda",  "Marcus", "Mei",     "Mirjam",  "Nadia",
     "Niels",    "Nora",     "Olivier", "Oscar",  "Petra",  "Priya",   "Quentin", "Rafael",
     "Rosalind", "Samira",   "Sanjay",  "Søren",  "Tabea",  "Tomás",   "Ulrike",  "Vera",
     "Viktor",   "Wendel",   "Xenia",   "Yusuf",  "Zoë"});

constexpr auto kStarts = std::to_array<std::string_view>(
    {"Al",  "Bar", "Ber", "Bran", "Cor", "Dal",  "Der", "Ek",  "Fal", "Gar",
     "Gol", "Hal", "Hol", "Is",   "Kal", "Kel",  "Lan", "Lin", "Mar", "Mor",
     "Nor", "Ör",  "Pel", "Ros",  "Sal", "Stan", "Tor", "Ul",  "Van", "Wes"});

constexpr auto kMiddles = std::to_array<std::string_view>(
    {"", "a", "be", "den", "er", "in", "ke", "li", "man", "o", "ri", "ü"});

constexpr auto kEnds = std::to_array<std::string_view>(
    {"berg", "brook", "by",  "dale", "dottir", "feld", "gard", "ham",
     "holm", "ić",    "ini", "ley",  "lund",   "moor", "nova", "quist",
     "rath", "sen",   "ski", "son",  "stad",   "ton",  "vik",  "wood"});

constexpr std::size_t kCount = kGiven.size() * kStarts.size() * kMiddles.size() * kEnds.size();

// Coprime to the count, so that neighbouring numbers give names that differ in each part.
constexpr std::size_t kStride = 300007;
static_assert(kCount % kStride != 0 && kStride > kCount / 2 && kStride < kCount);

// The letters above that are not ASCII, and what stands for them in an address.
constexpr auto kFolded = std::to_array<std::pair<std::string_view, char>>({{"á", 'a'},
                                                                           {"ç", 'c'},
                                                                           {"ć", 'c'},
                                                                           {"é", 'e'},
                                                                           {"ë", 'e'},
                                                                           {"Ł", 'l'},
                                                                           {"Ö", 'o'},
                                                                           {"ö", 'o'},
                                                                           {"ø", 'o'},
                                                                           {"ü", 'u'}});

std::string plain(std::string_view shown) {
  std::string folded;
  while (!shown.empty()) {
    const auto* letter = std::ranges::find_if(
        kFolded, [&](const auto& known) { return shown.starts_with(known.first); });
    const bool is_folded = letter != kFolded.end();
    folded += is_folded ? letter->second : shown.front();
    shown.remove_prefix(is_folded ? letter->first.size() : 1);
  }
  return lower_case(folded);
}

}  // namespace

std::size_t generated_name_count() {
  return kCount;
}

GeneratedName generated_name(std::size_t number) {
  std::size_t rest = number % kCount * kStride % kCount;
  const auto take = [&rest](const auto& parts) {
    const std::string_view part = parts[rest % parts.size()];
    rest /= parts.size();
    return part;
  };
  GeneratedName name;
  name.given = take(kGiven);
  name.surname = take(kStarts);
  name.surname += take(kMiddles);
  name.surname += take(kEnds);
  name.mailbox = plain(name.given) + '.' + plain(name.surname);
  return name;
}

}  // namespace tests::microsoft
