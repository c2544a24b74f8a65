// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/spawn_plan.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX
#include <spawn.h>
#include <sys/types.h>

namespace policy {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

struct SpawnPlan::Parts {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
};

SpawnPlan::SpawnPlan() : parts_(std::make_unique<Parts>()) {
  posix_spawn_file_actions_init(&parts_->actions);
  posix_spawnattr_init(&parts_->attributes);
  sigset_t signals{};
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&parts_->attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&parts_->attributes, &signals);
}

SpawnPlan::~SpawnPlan() {
  posix_spawn_file_actions_destroy(&parts_->actions);
  posix_spawnattr_destroy(&parts_->attributes);
}

void SpawnPlan::duplicate(int source, int target) {
  posix_spawn_file_actions_adddup2(&parts_->actions, source, target);
}

void SpawnPlan::open_nothing(int target) {
  posix_spawn_file_actions_addopen(&parts_->actions, target, "/dev/null", O_RDWR, 0);
}

void SpawnPlan::close_from(int first) {
  posix_spawn_file_actions_addclosefrom_np(&parts_->actions, first);
}

void SpawnPlan::start_in(const std::filesystem::path& folder) {
  posix_spawn_file_actions_addchdir_np(&parts_->actions, folder.c_str());
}

void SpawnPlan::lead_group() {
  posix_spawnattr_setpgroup(&parts_->attributes, 0);
  parts_->flags |= POSIX_SPAWN_SETPGROUP;
}

int SpawnPlan::carry_out(const std::filesystem::path& program,
                         std::vector<std::string> words,
                         std::vector<std::string> environment,
                         pid_t& pid) const {
  posix_spawnattr_setflags(&parts_->attributes, static_cast<short>(parts_->flags));
  return posix_spawn(&pid,
                     program.c_str(),
                     &parts_->actions,
                     &parts_->attributes,
                     pointers_to(words).data(),
                     pointers_to(environment).data());
}

}  // namespace policy
