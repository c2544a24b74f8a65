// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// The objects of the API, as openapi.yaml describes them. Times are seconds since 1970, 0 for never.

export type Role = 'viewer' | 'operator' | 'admin';

export interface Session {
  account: string;
  display_name: string;
  role: Role;
  organizations: string[] | null;
  csrf_token: string | null;
  expires: number | null;
}

export interface Status {
  version: string;
  generation: string;
  published: number;
  gateway: { detections: 'not_configured' | 'not_there' | 'read'; newest_detection: number };
  organizations: number;
  directories: number;
  failed_directories: number;
  people: number;
  open_notifications: number;
  running_jobs: number;
}

export interface Organization {
  name: string;
  domains: string[];
  directories: number;
}

export type DirectoryState = 'never synced' | 'syncing' | 'synced' | 'held' | 'failed';

export interface Directory {
  organization: string;
  name: string;
  declared: boolean;
  type: 'office365' | 'csv';
  path?: string;
  tenant?: string;
  client_id?: string;
  features?: string[];
  every_seconds: number;
  first: 'manual' | 'automatic';
  targets: 'all' | 'selected';
  state: DirectoryState;
  started: boolean;
  people: number;
  groups: number;
  last_success: number;
  last_attempt: number;
  last_failure: string;
  next_sync: number;
}

export interface SelectedTargets {
  people: string[];
  groups: string[];
}

// How a directory is set up; its credential is never shown.
export interface DirectorySettings {
  organization: string;
  name: string;
  declared: boolean;
  type: 'office365' | 'csv';
  path?: string;
  tenant?: string;
  client_id?: string;
  features?: string[];
  credential: 'secret' | 'certificate' | 'none';
  every_seconds: number;
  first: 'manual' | 'automatic';
  max_shrink: number;
  targets: 'all' | SelectedTargets;
}

export interface Permission {
  feature: string;
  permission: string;
  resource: string;
  purpose: string;
  least: string;
  admin_role: string;
  granted: boolean;
  granted_by: string;
}

export interface DirectoryPermissions {
  organization: string;
  directory: string;
  failure: string;
  permissions: Permission[];
}

export interface ProtectingGroup {
  id: string;
  name: string;
  declared: boolean;
  added: boolean;
}

export interface GroupProtection {
  protected: boolean;
  declared: boolean;
  added: boolean;
  via: ProtectingGroup[];
}

export interface PersonProtection extends GroupProtection {
  direct: boolean;
  role_mailbox: string;
}

export interface Group {
  organization: string;
  directory: string;
  id: string;
  name: string;
  mail: string;
  protection: GroupProtection;
}

export interface GroupMember {
  id: string;
  kind: 'group';
  name: string;
  mail: string;
  protection: GroupProtection;
}

export interface PersonMember {
  id: string;
  kind: 'person';
  name: string;
  mail: string;
  protection: PersonProtection;
}

export interface OtherMember {
  id: string;
  kind: 'other';
  name: string;
  mail: string;
}

export type Member = GroupMember | PersonMember | OtherMember;

export interface PersonSummary {
  organization: string;
  directory: string;
  id: string;
  name: string;
  mail: string;
  enabled: boolean;
  protection: PersonProtection;
}

export interface SecondaryEmails {
  declared: string[];
  added: string[];
}

export interface Person extends PersonSummary {
  given_name: string;
  surname: string;
  user_principal_name: string;
  user_type: string;
  addresses: string[];
  groups: { id: string; name: string; direct: boolean }[];
  secondary_emails: SecondaryEmails;
  suggestions: string[];
}

export interface Protection {
  organization: string;
  directory?: string;
  kind: 'group' | 'person' | 'role_mailbox';
  id?: string;
  name: string;
  mail?: string;
  declared: boolean;
  missing: boolean;
}

export interface Warning {
  organization: string;
  what: string;
  text: string;
  subject: string;
}

export interface Domain {
  domain: string;
  organization: string;
  imported: boolean;
  relay_enabled: boolean;
  directory?: string;
  default?: boolean;
  initial?: boolean;
  authentication_type?: string;
  next_hop?: string;
  next_hop_override?: string;
  gone?: boolean;
  seen?: number;
  mx?: Mx;
}

export type MxStanding = 'ours' | 'mixed' | 'elsewhere' | 'none' | 'unknown';

export interface Mx {
  standing: MxStanding;
  hosts: { host: string; preference: number }[];
  ttl: number;
  checked: number;
  ready_at: number;
}

export interface SpfCheck {
  network: string;
  term: string;
  whole: boolean;
  address: string;
  result: 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror';
  explanation: string;
}

export interface DomainCheck {
  domain: string;
  mx: Mx;
  failure: string;
  spf: SpfCheck[];
}

export interface Notification {
  number: number;
  level: 'info' | 'warning' | 'error';
  what: string;
  organization: string;
  directory: string;
  text: string;
  advice: string;
  first: number;
  last: number;
  times: number;
  resolved: boolean;
}

// Where notifications are sent to.
export interface Sink {
  name: string;
  kind: 'webhook' | 'mail';
  target: string;
  organizations: string[];
  off: boolean;
  last_success: number;
  last_failure: number;
  last_error: string;
  waiting: number;
  skipped: number;
  delivered: number;
  failed: number;
}

export interface SinkTest {
  sink: string;
  kind: 'webhook' | 'mail';
  taken: boolean;
  detail: string;
}

export interface AuditEntry {
  number: number;
  time: number;
  who: string;
  action: string;
  subject: string;
  before: string;
  after: string;
  organization: string;
}

export interface Job {
  id: number;
  kind: string;
  subject: string;
  organization: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number;
  message: string;
  started: number;
  ended: number;
  cancelling: boolean;
}

export interface NotedMatch {
  finding: string;
  match: string;
  reason: string;
}

export interface Detection {
  id: string;
  time: number;
  organization: string;
  queue_id?: string;
  message_id?: string;
  client?: string;
  helo?: string;
  mail_from?: string;
  recipients?: string[];
  recipient_count?: number;
  shown?: string[];
  from?: string;
  reply_to?: string[];
  person?: string;
  address?: string;
  finding: string;
  match?: string;
  field?: string;
  reason?: string;
  disposition: string;
  action: string;
  decides?: boolean;
  mode: string;
  rule?: string;
  shadow_action?: string;
  shadow_rule?: string;
  policy?: string;
  generation: number;
  authentication?: string;
  noted?: NotedMatch[];
  mark?: DetectionMark | null;
}

// What a person says of a detection.
export interface DetectionMark {
  verdict: 'right' | 'wrong';
  note: string;
  who: string;
  time: number;
}

export interface DetectionPage {
  configured: boolean;
  detections: Detection[];
  next: string | null;
  newest: string | null;
  damaged: number;
}

export interface Account {
  name: string;
  display_name: string;
  role: Role;
  organizations: string[] | null;
  disabled: boolean;
  created: number;
  last_sign_in: number;
  version: number;
}

export interface Token {
  id: string;
  name: string;
  account: string;
  scope: 'read' | 'operate' | 'admin';
  organizations: string[] | null;
  created: number;
  expires: number | null;
  last_used: number;
}

export type Severity = 'low' | 'medium' | 'high';

export type FindingState = 'open' | 'resolved' | 'not_evaluated';

export interface PostureKind {
  finding: string;
  title: string;
  category: string;
  severity: Severity;
  advice: string;
  open: number;
  resolved: number;
  not_evaluated: number;
}

export interface PostureFinding {
  organization: string;
  directory: string;
  finding: string;
  title: string;
  category: string;
  severity: Severity;
  state: FindingState;
  subject: { type: string; id: string; label: string };
  evidence: { name: string; values: string[] }[];
  reason: string;
  first_seen: number;
  last_seen: number;
  history: { time: number; state: FindingState }[];
}

export interface PostureScan {
  organization: string;
  directory: string;
  number: number;
  job: number | null;
  phase: 'none' | 'domains' | 'applications' | 'users' | 'mailboxes' | 'end';
  started: number;
  finished: number;
  attempted: number;
  failure: string;
  users: number;
  mailboxes: number;
  mailboxes_done: number;
  batches: number;
  unread: string[];
  notes: string[];
}

export interface ConnectorStanding {
  organization: string;
  directory: string;
  applied: boolean;
  inbound_enabled: boolean;
  locked: boolean;
  outbound_enabled: boolean;
  last_applied: number;
  last_verified: number;
  drift: string;
}

export type PlanAction = 'create' | 'change' | 'leave' | 'remove' | 'conflict';

export interface PlannedObject {
  name: string;
  kind: 'InboundConnector' | 'OutboundConnector' | 'TransportRule';
  role: 'inbound' | 'outbound' | 'bypass' | 'tenant_mark';
  action: PlanAction;
  identity: string;
  reason: string;
  changes: { property: string; from: unknown; to: unknown }[];
  properties: Record<string, unknown>;
}

export interface ConnectorPlan {
  id: string;
  organization: string;
  directory: string;
  fulfilled: boolean;
  objects: PlannedObject[];
  warnings: { what: string; text: string }[];
  other_inbound_connectors: string[];
}

export interface Requirements {
  met: boolean;
  requirements: { what: string; subject: string; met: boolean; text: string }[];
}
