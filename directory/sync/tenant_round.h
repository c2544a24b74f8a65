// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/directory_queries.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/round_outcome.h"
#include "directory/task.h"
#include "policy/event.h"

namespace directory {

/// What a round of a tenant needs; all of it outlives the round.
struct TenantRound {
  DirectoryContent* content = nullptr;
  DirectoryQueries* queries = nullptr;
  DirectoryKey key;
  const DirectorySettings* settings = nullptr;
  const policy::EventLog* log = nullptr;
  RoundProgress progress;
  bool is_full = false;
  bool accept_shrink = false;
};

/// Reads users and groups of a tenant by delta queries, page by page, and puts the result in force.
/// Goes on where a round was interrupted. Reads everything anew where there is nothing yet, where
/// the source is another one, or where Graph asks for it.
/// https://learn.microsoft.com/graph/delta-query-overview
[[nodiscard]] Task<RoundResult> read_tenant_round(TenantRound round);

/// Reads the selected targets, and nobody else, and puts them in force.
[[nodiscard]] Task<RoundResult> read_selected_round(TenantRound round);

}  // namespace directory
