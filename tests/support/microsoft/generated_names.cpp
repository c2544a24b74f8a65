// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/generated_names.h"

#include "tests/support/microsoft/message.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tests::microsoft {
namespace {

// As people write it, and in ASCII.
struct Part {
  std::string_view shown;
  std::string_view plain;
};

constexpr auto kGiven = std::to_array<Part>({{"Agnes", "Agnes"},
                                             {"Amara", "Amara"},
                                             {"Anselm", "Anselm"},
                                             {"Aoife", "Aoife"},
                                             {"Arjun", "Arjun"},
                                             {"Beatrix", "Beatrix"},
                                             {"Björn", "Bjorn"},
                                             {"Carmen", "Carmen"},
                                             {"Chloé", "Chloe"},
                                             {"Conrad", "Conrad"},
                                             {"Daria", "Daria"},
                                             {"Dmitri", "Dmitri"},
                                             {"Edith", "Edith"},
                                             {"Emeka", "Emeka"},
                                             {"Esther", "Esther"},
                                             {"Farid", "Farid"},
                                             {"Fiona", "Fiona"},
                                             {"François", "Francois"},
                                             {"Gerda", "Gerda"},
                                             {"Giulia", "Giulia"},
                                             {"Hamza", "Hamza"},
                                             {"Hannah", "Hannah"},
                                             {"Henrik", "Henrik"},
                                             {"Imogen", "Imogen"},
                                             {"Ines", "Ines"},
                                             {"Ivan", "Ivan"},
                                             {"Jasper", "Jasper"},
                                             {"Jia", "Jia"},
                                             {"José", "Jose"},
                                             {"Judith", "Judith"},
                                             {"Kaito", "Kaito"},
                                             {"Karim", "Karim"},
                                             {"Laila", "Laila"},
                                             {"Leon", "Leon"},
                                             {"Łukasz", "Lukasz"},
                                             {"Magda", "Magda"},
                                             {"Marcus", "Marcus"},
                                             {"Mei", "Mei"},
                                             {"Mirjam", "Mirjam"},
                                             {"Nadia", "Nadia"},
                                             {"Niels", "Niels"},
                                             {"Nora", "Nora"},
                                             {"Olivier", "Olivier"},
                                             {"Oscar", "Oscar"},
                                             {"Petra", "Petra"},
                                             {"Priya", "Priya"},
                                             {"Quentin", "Quentin"},
                                             {"Rafael", "Rafael"},
                                             {"Rosalind", "Rosalind"},
                                             {"Samira", "Samira"},
                                             {"Sanjay", "Sanjay"},
                                             {"Søren", "Soren"},
                                             {"Tabea", "Tabea"},
                                             {"Tomás", "Tomas"},
                                             {"Ulrike", "Ulrike"},
                                             {"Vera", "Vera"},
                                             {"Viktor", "Viktor"},
                                             {"Wendel", "Wendel"},
                                             {"Xenia", "Xenia"},
                                             {"Yusuf", "Yusuf"},
                                             {"Zoë", "Zoe"}});

constexpr auto kStarts = std::to_array<Part>(
    {{"Al", "Al"},     {"Bar", "Bar"}, {"Ber", "Ber"}, {"Bran", "Bran"}, {"Cor", "Cor"},
     {"Dal", "Dal"},   {"Der", "Der"}, {"Ek", "Ek"},   {"Fal", "Fal"},   {"Gar", "Gar"},
     {"Gol", "Gol"},   {"Hal", "Hal"}, {"Hol", "Hol"}, {"Is", "Is"},     {"Kal", "Kal"},
     {"Kel", "Kel"},   {"Lan", "Lan"}, {"Lin", "Lin"}, {"Mar", "Mar"},   {"Mor", "Mor"},
     {"Nor", "Nor"},   {"Ör", "Or"},   {"Pel", "Pel"}, {"Ros", "Ros"},   {"Sal", "Sal"},
     {"Stan", "Stan"}, {"Tor", "Tor"}, {"Ul", "Ul"},   {"Van", "Van"},   {"Wes", "Wes"}});

constexpr auto kMiddles = std::to_array<Part>({{"", ""},
                                               {"a", "a"},
                                               {"be", "be"},
                                               {"den", "den"},
                                               {"er", "er"},
                                               {"in", "in"},
                                               {"ke", "ke"},
                                               {"li", "li"},
                                               {"man", "man"},
                                               {"o", "o"},
                                               {"ri", "ri"},
                                               {"ü", "u"}});

constexpr auto kEnds = std::to_array<Part>(
    {{"berg", "berg"},     {"brook", "brook"}, {"by", "by"},     {"dale", "dale"},
     {"dottir", "dottir"}, {"feld", "feld"},   {"gard", "gard"}, {"ham", "ham"},
     {"holm", "holm"},     {"ić", "ic"},       {"ini", "ini"},   {"ley", "ley"},
     {"lund", "lund"},     {"moor", "moor"},   {"nova", "nova"}, {"quist", "quist"},
     {"rath", "rath"},     {"sen", "sen"},     {"ski", "ski"},   {"son", "son"},
     {"stad", "stad"},     {"ton", "ton"},     {"vik", "vik"},   {"wood", "wood"}});

constexpr std::size_t kCount = kGiven.size() * kStarts.size() * kMiddles.size() * kEnds.size();

// Coprime to the count, so that neighbouring numbers give names that differ in each part.
constexpr std::size_t kStride = 300007;
static_assert(kCount % kStride != 0 && kStride > kCount / 2 && kStride < kCount);

}  // namespace

std::size_t generated_name_count() {
  return kCount;
}

GeneratedName generated_name(std::size_t number) {
  std::size_t rest = number % kCount * kStride % kCount;
  const auto take = [&rest](const auto& parts) {
    const Part& part = parts[rest % parts.size()];
    rest /= parts.size();
    return part;
  };
  const Part given = take(kGiven);
  const Part start = take(kStarts);
  const Part middle = take(kMiddles);
  const Part end = take(kEnds);
  GeneratedName name{.given = std::string{given.shown}, .surname = {}, .mailbox = {}};
  std::string plain{given.plain};
  plain += '.';
  for (const Part part : {start, middle, end}) {
    name.surname += part.shown;
    plain += part.plain;
  }
  name.mailbox = lower_case(plain);
  return name;
}

}  // namespace tests::microsoft
