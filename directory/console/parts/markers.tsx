// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { GroupProtection, PersonProtection } from '../types';
import { Shown } from './text';
import { Declared, Tag } from './ui';

// How somebody is protected, in green: directly, through a group, or as a role mailbox.
export function Marker({ protection }: { protection: GroupProtection | PersonProtection }) {
  const isDirect = protection.declared || protection.added || ('direct' in protection && protection.direct);
  const [first, ...others] = protection.via;
  if (!protection.protected) return null;
  return (
    <span class="markers">
      {isDirect && (
        <Tag tone="good" icon="shield" title="Protected directly">
          Protected
        </Tag>
      )}
      {first && (
        <Tag tone="good" title="Protected through a group">
          <span class="clip">
            via <Shown text={first.name} />
          </span>
          {others.length > 0 && ` +${others.length}`}
        </Tag>
      )}
      {protection.declared && <Declared />}
    </span>
  );
}
