// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

namespace directory {

// The admin commands, by their names. Each asks the running daemon, except those of `snapshot`, and
// writes for people or, with --json, what the API answers. What fails is told through the session.

using AdminCommand = void (*)(AdminSession&, const AdminOptions&);

void directories_list(AdminSession& session, const AdminOptions& options);
void directories_add(AdminSession& session, const AdminOptions& options);
void directories_edit(AdminSession& session, const AdminOptions& options);
void directories_authorize(AdminSession& session, const AdminOptions& options);
void directories_remove(AdminSession& session, const AdminOptions& options);
void directories_sync(AdminSession& session, const AdminOptions& options);
void directories_provision(AdminSession& session, const AdminOptions& options);

void groups_search(AdminSession& session, const AdminOptions& options);
void groups_show(AdminSession& session, const AdminOptions& options);
void groups_protect(AdminSession& session, const AdminOptions& options);
void groups_unprotect(AdminSession& session, const AdminOptions& options);

void people_search(AdminSession& session, const AdminOptions& options);
void people_show(AdminSession& session, const AdminOptions& options);
void people_protect(AdminSession& session, const AdminOptions& options);
void people_unprotect(AdminSession& session, const AdminOptions& options);

void secondary_emails_list(AdminSession& session, const AdminOptions& options);
void secondary_emails_add(AdminSession& session, const AdminOptions& options);
void secondary_emails_remove(AdminSession& session, const AdminOptions& options);
void secondary_emails_import(AdminSession& session, const AdminOptions& options);
void secondary_emails_export(AdminSession& session, const AdminOptions& options);

void domains_list(AdminSession& session, const AdminOptions& options);
void domains_check(AdminSession& session, const AdminOptions& options);
void domains_enable(AdminSession& session, const AdminOptions& options);
void domains_disable(AdminSession& session, const AdminOptions& options);
void domains_next_hop(AdminSession& session, const AdminOptions& options);

void posture_scan(AdminSession& session, const AdminOptions& options);
void posture_status(AdminSession& session, const AdminOptions& options);
void posture_findings(AdminSession& session, const AdminOptions& options);
void posture_export(AdminSession& session, const AdminOptions& options);
void connectors_list(AdminSession& session, const AdminOptions& options);
void connectors_plan(AdminSession& session, const AdminOptions& options);
void connectors_apply(AdminSession& session, const AdminOptions& options);
void connectors_enable_inbound(AdminSession& session, const AdminOptions& options);
void connectors_lock(AdminSession& session, const AdminOptions& options);
void connectors_unlock(AdminSession& session, const AdminOptions& options);
void connectors_enable_outbound(AdminSession& session, const AdminOptions& options);
void connectors_disable_outbound(AdminSession& session, const AdminOptions& options);
void connectors_verify(AdminSession& session, const AdminOptions& options);
void connectors_remove(AdminSession& session, const AdminOptions& options);
void connectors_script(AdminSession& session, const AdminOptions& options);
void connectors_preflight(AdminSession& session, const AdminOptions& options);

void messages_find(AdminSession& session, const AdminOptions& options);
void messages_pull(AdminSession& session, const AdminOptions& options);
void messages_list(AdminSession& session, const AdminOptions& options);
void messages_show(AdminSession& session, const AdminOptions& options);
void messages_restore(AdminSession& session, const AdminOptions& options);

void accounts_list(AdminSession& session, const AdminOptions& options);
void accounts_add(AdminSession& session, const AdminOptions& options);
void accounts_remove(AdminSession& session, const AdminOptions& options);
void accounts_password(AdminSession& session, const AdminOptions& options);
void accounts_disable(AdminSession& session, const AdminOptions& options);
void accounts_enable(AdminSession& session, const AdminOptions& options);

void tokens_list(AdminSession& session, const AdminOptions& options);
void tokens_add(AdminSession& session, const AdminOptions& options);
void tokens_revoke(AdminSession& session, const AdminOptions& options);
void make_set_up_link(AdminSession& session, const AdminOptions& options);

void detections_list(AdminSession& session, const AdminOptions& options);
void detections_show(AdminSession& session, const AdminOptions& options);
void detections_watch(AdminSession& session, const AdminOptions& options);
void detections_statistics(AdminSession& session, const AdminOptions& options);
void detections_suggestions(AdminSession& session, const AdminOptions& options);
void detections_mark(AdminSession& session, const AdminOptions& options);
void detections_unmark(AdminSession& session, const AdminOptions& options);
void detections_marks(AdminSession& session, const AdminOptions& options);

void show_permissions(AdminSession& session, const AdminOptions& options);
void show_notifications(AdminSession& session, const AdminOptions& options);
void show_sinks(AdminSession& session, const AdminOptions& options);
void test_sinks(AdminSession& session, const AdminOptions& options);
void show_audit(AdminSession& session, const AdminOptions& options);
void show_status(AdminSession& session, const AdminOptions& options);
void export_additions(AdminSession& session, const AdminOptions& options);

void snapshot_info(AdminSession& session, const AdminOptions& options);
void snapshot_verify(AdminSession& session, const AdminOptions& options);

}  // namespace directory
