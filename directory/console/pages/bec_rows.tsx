// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, path, query } from '../api';
import { usePages } from '../data';
import { Icon } from '../parts/icons';
import { Marker } from '../parts/markers';
import { Menu, type MenuItem } from '../parts/menu';
import { Shown } from '../parts/text';
import { Declared, ListEnd, Tag } from '../parts/ui';
import type { Group, GroupMember, GroupProtection, Member, PersonSummary, Protection } from '../types';
import type { PersonPlace } from './person_panel';

// One thing that can be protected.
export interface Target {
  organization: string;
  directory: string;
  kind: 'group' | 'person';
  id: string;
  name: string;
}

export function addressOf(target: Target): string {
  return path('protections', target.organization, target.directory, target.kind, target.id);
}

// What the rows of all lists share: how to change a protection, and how to open a person.
export interface Deeds {
  turn: number;
  change: (target: Target, protect: boolean) => void;
  edit: (place: PersonPlace) => void;
}

function menuOf(target: Target, protection: GroupProtection, deeds: Deeds): (MenuItem | false)[] {
  const whatFor = target.kind === 'group' ? 'Declared in directory.yaml: change it there' : 'Declared, or a role mailbox';
  const isDirect = protection.declared || protection.added;
  return [
    target.kind === 'person' && { label: 'Edit', icon: 'person', act: () => deeds.edit(target) },
    !isDirect && may('operator') && { label: 'Protect', icon: 'shield', act: () => deeds.change(target, true) },
    isDirect &&
      may('operator') && {
        label: 'Unprotect',
        icon: 'cross',
        refused: protection.added ? undefined : whatFor,
        act: () => deeds.change(target, false),
      },
  ];
}

// How deep a row is in the tree; the browser styles it, the words say it to those who do not see.
function Indent({ depth }: { depth: number }) {
  return depth > 0 ? <span class="indent" style={{ width: depth * 1.5 + 'rem' }} /> : null;
}

interface GroupRowsProps {
  group: Group | GroupMember;
  place: { organization: string; directory: string };
  depth: number;
  above: string[];
  deeds: Deeds;
}

export function GroupRows({ group, place, depth, above, deeds }: GroupRowsProps) {
  const [isOpen, setOpen] = useState(false);
  const target: Target = { ...place, kind: 'group', id: group.id, name: group.name };
  // Groups can be in each other.
  const isAround = above.includes(group.id);
  return (
    <>
      <tr class={isOpen ? 'is-open' : ''}>
        <th scope="row">
          <span class="with-icon">
            <Indent depth={depth} />
            <button
              type="button"
              class="plain disclosure"
              aria-expanded={isOpen}
              aria-label={'Members of ' + group.name}
              disabled={isAround}
              onClick={() => setOpen(!isOpen)}
            >
              <Icon name="chevron" />
            </button>
            <Icon name="group" />
            <span>
              <Shown text={group.name} />
              {isAround && <small>around this list already</small>}
              <div class="narrow">
                <Marker protection={group.protection} />
              </div>
            </span>
          </span>
        </th>
        <td class="wide-only wrap-anywhere">
          <Shown text={group.mail} empty="no address" />
        </td>
        <td class="wide-only">
          <Marker protection={group.protection} />
        </td>
        <td class="row-actions">
          <Menu label={'Actions for ' + group.name} items={menuOf(target, group.protection, deeds)} />
        </td>
      </tr>
      {isOpen && (
        <MemberRows group={target} depth={depth + 1} above={[...above, group.id]} deeds={deeds} />
      )}
    </>
  );
}

function MemberRows({ group, depth, above, deeds }: { group: Target; depth: number; above: string[]; deeds: Deeds }) {
  const address = path('groups', group.organization, group.directory, group.id, 'members');
  const pages = usePages<Member>(
    address + '#' + deeds.turn,
    (after) => address + query({ limit: 100, after }),
    (body: { members: Member[]; next: string | null }) => ({ items: body.members, next: body.next }),
  );
  const place = { organization: group.organization, directory: group.directory };
  return (
    <>
      {pages.items.map((member) =>
        member.kind === 'group' ? (
          <GroupRows key={member.id} group={member} place={place} depth={depth} above={above} deeds={deeds} />
        ) : (
          <MemberRow key={member.id} member={member} place={place} depth={depth} deeds={deeds} />
        ),
      )}
      {(pages.loading || pages.error || !pages.isComplete || pages.items.length === 0) && (
        <tr>
          <td colSpan={4}>
            <span class="with-icon">
              <Indent depth={depth} />
              {pages.items.length === 0 && pages.isComplete ? (
                <span class="quiet">No members</span>
              ) : (
                <ListEnd pages={pages} one="member" />
              )}
            </span>
          </td>
        </tr>
      )}
    </>
  );
}

function MemberRow({ member, place, depth, deeds }: {
  member: Exclude<Member, GroupMember>;
  place: { organization: string; directory: string };
  depth: number;
  deeds: Deeds;
}) {
  if (member.kind === 'other') {
    return (
      <tr>
        <td colSpan={4}>
          <span class="with-icon">
            <Indent depth={depth} />
            <span class="quiet">A device, an application or a contact: it sends no mail as a person.</span>
          </span>
        </td>
      </tr>
    );
  }
  return <PersonRow person={{ ...member, ...place, enabled: true }} depth={depth} deeds={deeds} />;
}

function PersonMarkers({ of }: { of: PersonSummary }) {
  return (
    <>
      <Marker protection={of.protection} />
      {of.protection.role_mailbox && (
        <Tag tone="good" icon="mailbox">
          role mailbox
        </Tag>
      )}
    </>
  );
}

export function PersonRow({ person, depth = 0, deeds }: { person: PersonSummary; depth?: number; deeds: Deeds }) {
  const target: Target = { ...person, kind: 'person' };
  return (
    <tr>
      <th scope="row">
        <span class="with-icon">
          <Indent depth={depth} />
          <Icon name="person" />
          <span>
            <button type="button" class="link name" onClick={() => deeds.edit(target)}>
              <Shown text={person.name} empty="(no name)" />
            </button>
            {!person.enabled && <Tag>sign-in blocked</Tag>}
            <small class="narrow">
              <Shown text={person.mail} empty="" />
            </small>
            <div class="narrow">
              <PersonMarkers of={person} />
            </div>
          </span>
        </span>
      </th>
      <td class="wide-only wrap-anywhere">
        <Shown text={person.mail} empty="no address" />
      </td>
      <td class="wide-only">
        <PersonMarkers of={person} />
      </td>
      <td class="row-actions">
        <Menu label={'Actions for ' + person.name} items={menuOf(target, person.protection, deeds)} />
      </td>
    </tr>
  );
}

export function Head({ last = 'Protection' }: { last?: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col" class="wide-only">Address</th>
        <th scope="col" class={last === 'Protection' ? 'wide-only' : ''}>{last}</th>
        <th scope="col"><span class="unseen">Actions</span></th>
      </tr>
    </thead>
  );
}

const KIND_ICONS = { group: 'group', person: 'person', role_mailbox: 'mailbox' } as const;

export function ProtectedRow({ each, deeds }: { each: Protection; deeds: Deeds }) {
  const { id, directory, kind } = each;
  const target: Target | null =
    id !== undefined && directory !== undefined && kind !== 'role_mailbox'
      ? { organization: each.organization, directory, kind, id, name: each.name }
      : null;
  return (
    <tr>
      <th scope="row">
        <span class="with-icon">
          <Icon name={KIND_ICONS[kind]} />
          <span>
            {target?.kind === 'person' ? (
              <button type="button" class="link name" onClick={() => deeds.edit(target)}>
                <Shown text={each.name} />
              </button>
            ) : (
              <Shown text={each.name} />
            )}
          </span>
        </span>
      </th>
      <td class="wide-only wrap-anywhere">
        <Shown text={each.mail} empty="" />
      </td>
      <td>
        <span class="markers">
          <Tag tone="good" icon="shield">
            {kind === 'group' ? 'Group' : kind === 'person' ? 'Person' : 'Role mailbox'}
          </Tag>
          {each.missing && (
            <Tag tone="warn" icon="warning" title="Nobody is protected by it until a directory has it">
              in no directory
            </Tag>
          )}
          {each.declared && <Declared />}
        </span>
      </td>
      <td class="row-actions">
        {target && !each.declared && (
          <Menu
            label={'Actions for ' + each.name}
            items={menuOf(target, { protected: true, declared: false, added: true, via: [] }, deeds)}
          />
        )}
      </td>
    </tr>
  );
}
