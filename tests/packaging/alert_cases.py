# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""For each alert, series in which it must be raised, once, and beside them series in which it must not."""
import collections

# `series` maps a series to its values, one a minute, as `promtool test rules` writes them; `at` is when the alert is looked
# for, and `labels` are those that tell the one that is raised.
Case = collections.namedtuple("Case", "series at labels")

GATEWAY = 'instance="mx1", job="fromguard-gateway"'
OTHER = 'instance="mx2", job="fromguard-gateway"'
DIRECTORY = 'instance="mx1", job="fromguard-directory"'
STAFF = f'{DIRECTORY}, organization="contoso", directory="Staff"'
GUESTS = f'{DIRECTORY}, organization="contoso", directory="Guests"'

ON_GATEWAY = {"instance": "mx1", "job": "fromguard-gateway"}
ON_DIRECTORY = {"instance": "mx1", "job": "fromguard-directory"}
OF_STAFF = {**ON_DIRECTORY, "organization": "contoso", "directory": "Staff"}
STAFF_ALONE = {"organization": "contoso", "directory": "Staff"}


def grows(name, bad, good, per_minute="0+1x60"):
    """A counter that grows in one place and stands still in another."""
    return {f"{name}{{{bad}}}": per_minute, f"{name}{{{good}}}": "5x60"}


def durations(name, bucket, upper):
    """Histograms: on mx1 all observations are in the bucket up to `bucket`, on mx2 in the first; `upper` is the last one."""
    return {f'{name}_bucket{{{GATEWAY}, le="0.001"}}': "0x60", f'{name}_bucket{{{GATEWAY}, le="{bucket}"}}': "0+10x60",
            f'{name}_bucket{{{GATEWAY}, le="{upper}"}}': "0+10x60", f'{name}_bucket{{{GATEWAY}, le="+Inf"}}': "0+10x60",
            f'{name}_bucket{{{OTHER}, le="0.001"}}': "0+10x60", f'{name}_bucket{{{OTHER}, le="{bucket}"}}': "0+10x60",
            f'{name}_bucket{{{OTHER}, le="{upper}"}}': "0+10x60", f'{name}_bucket{{{OTHER}, le="+Inf"}}': "0+10x60"}


CASES = {
    "FromguardGatewayDown": Case({f"up{{{GATEWAY}}}": "1x5 0x20", f"up{{{OTHER}}}": "1x30",
                                  'up{instance="mx1", job="node"}': "0x30"}, "15m", ON_GATEWAY),
    "FromguardNoSnapshot": Case({f"fromguard_snapshot_generation{{{GATEWAY}}}": "0x10",
                                 f"fromguard_snapshot_generation{{{OTHER}}}": "7x10"}, "5m", ON_GATEWAY),
    "FromguardSnapshotStale": Case({f"fromguard_snapshot_age_seconds{{{GATEWAY}}}": "21000+60x40",
                                    f"fromguard_snapshot_age_seconds{{{OTHER}}}": "3600x40"}, "30m", ON_GATEWAY),
    "FromguardGenerationBehind": Case({f"fromguard_snapshot_generation{{{GATEWAY}}}": "6x30",
                                       f"fromguard_snapshot_generation{{{OTHER}}}": "7x30",
                                       f"fromguard_generation{{{DIRECTORY}}}": "6 7x30"}, "20m", ON_GATEWAY),
    "FromguardMailDegraded": Case(grows("fromguard_degraded_total", f'{GATEWAY}, why="stale_snapshot"',
                                        f'{GATEWAY}, why="no_snapshot"'), "20m", {**ON_GATEWAY, "why": "stale_snapshot"}),
    "FromguardReloadRefused": Case(grows("fromguard_reload_failures_total", f'{GATEWAY}, what="policy"',
                                         f'{GATEWAY}, what="snapshot"', "0x10 1x10"), "15m", {**ON_GATEWAY, "what": "policy"}),
    "FromguardJudgingSlow": Case(durations("fromguard_inspect_seconds", "0.3", "1"), "40m", {"instance": "mx1"}),
    "FromguardDnsSlow": Case(durations("fromguard_dns_seconds", "10", "11"), "40m", {"instance": "mx1"}),
    "FromguardConnectionsRefused": Case({f'fromguard_limits_total{{{GATEWAY}, what="connections"}}': "_x15 1x5",
                                         f'fromguard_limits_total{{{OTHER}, what="connections"}}': "3x20",
                                         f'fromguard_limits_total{{{GATEWAY}, what="mailboxes"}}': "0+1x20"}, "16m",
                                        {**ON_GATEWAY, "what": "connections"}),
    "FromguardDetectionsNotKept": Case({**grows("fromguard_detections_dropped_total", GATEWAY, OTHER),
                                        f"fromguard_detections_failures_total{{{OTHER}}}": "2x60"}, "20m", ON_GATEWAY),
    "FromguardDetectionsRemovedEarly": Case(grows("fromguard_detections_removed_early_total", GATEWAY, OTHER), "20m", ON_GATEWAY),
    "FromguardRoutingLoop": Case({
        f'fromguard_guard_objections_total{{{GATEWAY}, guard="loop", why="same_recipient", action="reject"}}': "_x20 1x5",
        f'fromguard_guard_objections_total{{{OTHER}, guard="loop", why="same_recipient", action="reject"}}': "3x30",
        f'fromguard_guard_objections_total{{{OTHER}, guard="tenant", why="no_secret", action="reject"}}': "0+1x30"},
        "21m", {"instance": "mx1"}),
    "FromguardOutboundRefused": Case({
        f'fromguard_guard_objections_total{{{GATEWAY}, guard="tenant", why="no_secret", action="reject"}}': "0+2x30",
        f'fromguard_guard_objections_total{{{OTHER}, guard="tenant", why="no_tenant", action="reject"}}': "0x10 1x20"},
        "25m", {"instance": "mx1", "why": "no_secret"}),
    "FromguardFindingsSurge": Case({f'fromguard_findings_total{{{GATEWAY}, organization="contoso", action="tag"}}': "0x1500 0+2x60",
                                    f'fromguard_findings_total{{{GATEWAY}, organization="fabrikam", action="tag"}}': "0+2x1560"},
                                   "26h", {"organization": "contoso"}),
    "FromguardDirectoryDown": Case({f"up{{{DIRECTORY}}}": "0x20", f"up{{{GATEWAY}}}": "1x20"}, "15m", ON_DIRECTORY),
    "FromguardDirectoryFailing": Case({f"fromguard_directory_failing{{{STAFF}}}": "1x90",
                                       f"fromguard_directory_failing{{{GUESTS}}}": "1x30 0x60"}, "80m", OF_STAFF),
    "FromguardDirectoryOld": Case({f"fromguard_directory_last_success_timestamp_seconds{{{STAFF}}}": "60x1600",
                                   f"fromguard_directory_last_success_timestamp_seconds{{{GUESTS}}}": "0x1600"}, "26h", OF_STAFF),
    "FromguardGraphThrottled": Case({f'fromguard_graph_requests_total{{{STAFF}, status="200"}}': "0+2x90",
                                     f'fromguard_graph_requests_total{{{STAFF}, status="429"}}': "0+1x90",
                                     f'fromguard_graph_requests_total{{{GUESTS}, status="200"}}': "0+20x90",
                                     f'fromguard_graph_requests_total{{{GUESTS}, status="429"}}': "0+1x90"}, "80m", STAFF_ALONE),
    "FromguardGraphUnreachable": Case({f'fromguard_graph_requests_total{{{STAFF}, status="200"}}': "7x60",
                                       f'fromguard_graph_requests_total{{{STAFF}, status="0"}}': "0+1x60",
                                       f'fromguard_graph_requests_total{{{GUESTS}, status="200"}}': "0+1x60",
                                       f'fromguard_graph_requests_total{{{GUESTS}, status="0"}}': "0+1x60"}, "50m", STAFF_ALONE),
    "FromguardNobodyProtected": Case({f"fromguard_protected_people{{{DIRECTORY}}}": "0x30", f"fromguard_generation{{{DIRECTORY}}}": "1x30",
                                      'fromguard_protected_people{instance="mx3"}': "0x30",
                                      'fromguard_generation{instance="mx3"}': "0x30"}, "20m", ON_DIRECTORY),
    "FromguardDeliveriesWaiting": Case({f'fromguard_notify_waiting{{{DIRECTORY}, sink="soc", kind="webhook"}}': "3x90",
                                        f'fromguard_notify_waiting{{{DIRECTORY}, sink="admins", kind="mail"}}': "3x30 0x60"}, "80m",
                                       {**ON_DIRECTORY, "sink": "soc", "kind": "webhook"}),
    "FromguardDeliveriesSkipped": Case({f'fromguard_notify_skipped{{{DIRECTORY}, sink="soc", kind="webhook"}}': "0x10 4x20",
                                        f'fromguard_notify_skipped{{{DIRECTORY}, sink="admins", kind="mail"}}': "4x30"}, "25m",
                                       {**ON_DIRECTORY, "sink": "soc", "kind": "webhook"}),
    "FromguardNotificationsOpen": Case({f'fromguard_notifications_open{{{DIRECTORY}, level="error"}}': "2x60",
                                        f'fromguard_notifications_open{{{DIRECTORY}, level="warning"}}': "2x60"}, "40m",
                                       {**ON_DIRECTORY, "level": "error"}),
    "FromguardPostureScanFailing": Case({f"fromguard_posture_scan_failing{{{STAFF}}}": "1x400",
                                         f"fromguard_posture_scan_failing{{{GUESTS}}}": "0x400"}, "390m", OF_STAFF),
    "FromguardPostureHigh": Case({
        f'fromguard_posture_findings{{{STAFF}, finding="spf-any", severity="high", state="open"}}': "1x30",
        f'fromguard_posture_findings{{{GUESTS}, finding="spf-any", severity="high", state="resolved"}}': "1x30",
        f'fromguard_posture_findings{{{GUESTS}, finding="dmarc", severity="medium", state="open"}}': "1x30"}, "20m",
        {**STAFF_ALONE, "finding": "spf-any"}),
    "FromguardMemoryHigh": Case({f"process_resident_memory_bytes{{{GATEWAY}}}": "3000000000x30",
                                 f"process_resident_memory_bytes{{{DIRECTORY}}}": "900000000x30",
                                 'process_resident_memory_bytes{instance="mx1", job="other"}': "3000000000x30"}, "20m", ON_GATEWAY),
    "FromguardDescriptorsHigh": Case({f"process_open_fds{{{GATEWAY}}}": "20000x30", f"process_open_fds{{{DIRECTORY}}}": "90x30"},
                                     "20m", ON_GATEWAY),
}
