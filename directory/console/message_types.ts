// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

export type PullState = 'searching' | 'moving' | 'restoring' | 'done' | 'restored' | 'refused' | 'failed' | 'cancelled';

export type CopyState =
  | 'found'
  | 'moving'
  | 'moved'
  | 'restoring'
  | 'restored'
  | 'quarantined'
  | 'left_alone'
  | 'gone'
  | 'failed'
  | 'no_mailbox';

export interface MessagePull {
  number: number;
  organization: string;
  directory: string;
  who: string;
  state: PullState;
  job: number | null;
  begun: number;
  ended: number;
  restore_begun: number;
  message_id: string;
  sender: string;
  subject: string;
  detection: string | null;
  destination: 'quarantine' | 'recoverable_items';
  recipients: string[];
  unlisted: number;
  groups: { address: string; name: string; members: number }[];
  unknown: string[];
  mailboxes: number;
  searched: number;
  counts: Partial<Record<CopyState, number>>;
  summary: string;
  disagreement: string;
  failure: string;
}

export interface MessageCopy {
  user: string;
  mailbox: string;
  folder: string;
  sender: string;
  subject: string;
  received: number;
  read: boolean;
  state: CopyState;
  why: string;
}
