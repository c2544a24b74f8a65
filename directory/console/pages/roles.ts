// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { Role } from '../types';

export const ROLES: { value: Role; label: string; hint: string }[] = [
  { value: 'viewer', label: 'Viewer', hint: 'sees everything, changes nothing' },
  { value: 'operator', label: 'Operator', hint: 'protects, syncs, sees to notifications' },
  { value: 'admin', label: 'Admin', hint: 'directories, accounts and all else' },
];

export function scopeText(organizations: string[] | null): string {
  return organizations === null ? 'all organizations' : organizations.join(', ') || 'no organization';
}
