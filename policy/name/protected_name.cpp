#include "policy/name/protected_name.h"

namespace policy {
std::vector<std::string> protected_name_keys(std::string_view name, bool) {
  return {std::string{name}};
}

std::vector<std::string> other_names(std::string_view, std::string_view, std::string_view) {
  return {};
}

std::string name_key_version() {
  return "0";
}
}  // namespace policy
