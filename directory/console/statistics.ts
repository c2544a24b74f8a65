// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

// What the API says of many detections together; see openapi.yaml.

export interface DayCount {
  // As 2026-11-22, UTC.
  day: string;
  total: number;
  findings: Record<string, number>;
  dispositions: Record<string, number>;
  matches: Record<string, number>;
  actions: Record<string, number>;
}

export interface Statistics {
  configured: boolean;
  complete: boolean;
  days: DayCount[];
  people: { names: { organization: string; person: string; total: number }[]; uncounted: number };
  senders: { names: { address: string; total: number }[]; uncounted: number };
}

export interface Suggestion {
  kind: 'secondary_email' | 'service';
  organization: string;
  address: string;
  people: string[];
  times: number;
  days: number;
  first: number;
  last: number;
  yaml: { exception: string | null; service: string | null };
}

export interface Suggestions {
  configured: boolean;
  complete: boolean;
  suggestions: Suggestion[];
}
