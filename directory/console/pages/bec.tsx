// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { may, path, query, read, write } from '../api';
import { type Pages, usePages, useResource, useSettled } from '../data';
import { useCatchUp, useEvents } from '../events';
import { Icon } from '../parts/icons';
import { Marker } from '../parts/markers';
import { Menu, type MenuItem } from '../parts/menu';
import { Shown } from '../parts/text';
import { attempt, tell } from '../parts/toast';
import { Declared, Empty, ListEnd, Page, Ready, SearchBox, Table, Tag } from '../parts/ui';
import { Link, setQuery, useQuery } from '../router';
import type { Directory, Group, GroupMember, GroupProtection, Member, PersonSummary, Protection } from '../types';
import { subjectOf } from './directories';
import { PersonPanel, type PersonPlace } from './person_panel';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function sorted<T extends { name: string }>(items: T[]): T[] {
  return [...items].sort((left, right) => byName.compare(left.name, right.name));
}

// One thing that can be protected.
interface Target {
  organization: string;
  directory: string;
  kind: 'group' | 'person';
  id: string;
  name: string;
}

function addressOf(target: Target): string {
  return path('protections', target.organization, target.directory, target.kind, target.id);
}

// What the rows of all lists share: how to change a protection, and how to open a person.
interface Deeds {
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

function GroupRows({ group, place, depth, above, deeds }: GroupRowsProps) {
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
        <td class="wide-only">
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

function PersonRow({ person, depth = 0, deeds }: { person: PersonSummary; depth?: number; deeds: Deeds }) {
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
      <td class="wide-only">
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

function Head({ last = 'Protection' }: { last?: string }) {
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

function NoMatch({ what, search }: { what: string; search: string }) {
  return (
    <Empty icon="search" title={search ? `No ${what} of that name` : `No ${what} here yet`}>
      {search ? (
        <p>Search looks within names and addresses.</p>
      ) : (
        <p>
          They come with the first sync. <Link href="/settings/directories">Directories</Link>
        </p>
      )}
    </Empty>
  );
}

interface ListProps {
  subject: string;
  search: string;
  deeds: Deeds;
}

function Groups({ subject, search, deeds }: ListProps) {
  const pages = usePages<Group>(
    subject + '\n' + search + '\n' + deeds.turn,
    (after) => '/groups' + query({ directory: subject, search, limit: 500, after }),
    (body: { groups: Group[]; next: string | null }) => ({ items: body.groups, next: body.next }),
    2000,
  );
  if (pages.isComplete && pages.items.length === 0 && !pages.loading) return <NoMatch what="groups" search={search} />;
  return (
    <>
      {pages.items.length > 0 && (
        <Table caption="Groups" class="tree">
          <Head />
          <tbody>
            {sorted(pages.items).map((group) => (
              <GroupRows key={group.id} group={group} place={group} depth={0} above={[]} deeds={deeds} />
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="group" />
    </>
  );
}

function useProtectionOf(pages: Pages<PersonSummary>, turn: number, changed: string | null) {
  useEffect(() => {
    const person = pages.items.find((each) => each.id === changed);
    if (!person) return;
    void read<PersonSummary>(path('people', person.organization, person.directory, person.id)).then((now) =>
      pages.change((old) => old.map((each) => (each.id === now.id ? { ...each, protection: now.protection } : each))),
    );
  }, [turn]);
}

function People({ subject, search, deeds, changed }: ListProps & { changed: string | null }) {
  const pages = usePages<PersonSummary>(
    subject + '\n' + search,
    (after) => '/people' + query({ directory: subject, search, limit: 100, after }),
    (body: { people: PersonSummary[]; next: string | null }) => ({ items: body.people, next: body.next }),
  );
  useProtectionOf(pages, deeds.turn, changed);
  if (pages.isComplete && pages.items.length === 0 && !pages.loading) return <NoMatch what="people" search={search} />;
  return (
    <>
      {pages.items.length > 0 && (
        <Table caption="People">
          <Head />
          <tbody>
            {sorted(pages.items).map((person) => (
              <PersonRow key={person.id} person={person} deeds={deeds} />
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="person" many="people" />
    </>
  );
}

const KIND_ICONS = { group: 'group', person: 'person', role_mailbox: 'mailbox' } as const;

function ProtectedRow({ each, deeds }: { each: Protection; deeds: Deeds }) {
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
      <td class="wide-only">
        <Shown text={each.mail} empty="" />
      </td>
      <td>
        <span class="markers">
          <Tag tone="good" icon="shield">
            {kind === 'group' ? 'Group' : kind === 'person' ? 'Person' : 'Role mailbox'}
          </Tag>
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

function ProtectedList({ subject, search, deeds }: ListProps) {
  const list = useResource<{ protections: Protection[] }>('/protections');
  useEffect(list.reload, [deeds.turn]);
  const wanted = search.toLocaleLowerCase();
  const fits = (each: Protection) =>
    (each.directory === undefined || subject === each.organization + '/' + each.directory) &&
    (each.name + ' ' + (each.mail ?? '')).toLocaleLowerCase().includes(wanted);
  return (
    <Ready of={list} what="protections">
      {({ protections }) => {
        const shown = sorted(protections.filter(fits));
        if (shown.length === 0) {
          return (
            <Empty icon="shield" title={search ? 'Nothing protected of that name' : 'Nobody is protected yet'}>
              <p>Open a group and choose Protect from its menu: its members are protected, now and later.</p>
              <button type="button" onClick={() => setQuery({ view: '', search: '' })}>
                Show groups
              </button>
            </Empty>
          );
        }
        return (
          <Table caption="What is protected">
            <Head last="Protected as" />
            <tbody>
              {shown.map((each) => (
                <ProtectedRow key={each.kind + each.organization + (each.id ?? each.name)} each={each} deeds={deeds} />
              ))}
            </tbody>
          </Table>
        );
      }}
    </Ready>
  );
}

const VIEWS = [
  ['groups', 'Groups'],
  ['people', 'People'],
  ['protected', 'Protected'],
] as const;

function Views({ view }: { view: string }) {
  return (
    <div class="segments" role="group" aria-label="What to list">
      {VIEWS.map(([key, label]) => (
        <button
          key={key}
          type="button"
          aria-pressed={view === key}
          onClick={() => setQuery({ view: key === 'groups' ? '' : key })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function DirectoryChoice({ directories, subject }: { directories: Directory[]; subject: string }) {
  const organizations = [...new Set(directories.map((each) => each.organization))];
  return (
    <label class="inline-field">
      <span>Directory</span>
      <select value={subject} onChange={(event) => setQuery({ directory: event.currentTarget.value })}>
        {organizations.map((organization) => (
          <optgroup key={organization} label={organization}>
            {directories
              .filter((each) => each.organization === organization)
              .map((each) => (
                <option key={subjectOf(each)} value={subjectOf(each)}>
                  {each.name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function BecList({ directories }: { directories: Directory[] }) {
  const [wanted] = useQuery('directory');
  const [asked] = useQuery('view');
  const [search, setSearch] = useQuery('search');
  const settled = useSettled(search);
  const [turn, setTurn] = useState(0);
  const [changed, setChanged] = useState<string | null>(null);
  const [editing, setEditing] = useState<PersonPlace | null>(null);
  const chosen = directories.find((each) => subjectOf(each) === wanted) ?? directories[0];
  const subject = chosen ? subjectOf(chosen) : '';
  const view = asked || 'groups';
  const again = () => setTurn((old) => old + 1);
  useEvents('job', (job) => {
    if (job.state === 'done') again();
  });
  useCatchUp(again);

  const put = async (target: Target, protect: boolean) => {
    await write(protect ? 'PUT' : 'DELETE', addressOf(target));
    setChanged(target.id);
    again();
  };
  const change = (target: Target, protect: boolean) =>
    void attempt(async () => {
      await put(target, protect);
      tell(
        protect
          ? `${target.name} is protected${target.kind === 'group' ? ', with its members' : ''}.`
          : `${target.name} is not protected any more.`,
        () => put(target, !protect),
      );
    });
  const deeds: Deeds = { turn, change, edit: setEditing };
  const list = { subject, search: settled, deeds };
  return (
    <>
      <div class="toolbar">
        <DirectoryChoice directories={directories} subject={subject} />
        <Views view={view} />
        <SearchBox label="Search names and addresses" value={search} onInput={setSearch} />
      </div>
      {view === 'groups' && <Groups key={subject} {...list} />}
      {view === 'people' && <People key={subject} {...list} changed={changed} />}
      {view === 'protected' && <ProtectedList {...list} />}
      {editing && (
        <PersonPanel
          place={editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            again();
          }}
        />
      )}
    </>
  );
}

export function BusinessEmailCompromise() {
  const list = useResource<{ directories: Directory[] }>('/directories');
  return (
    <Page
      title="Business Email Compromise"
      intro="Whose names are protected. A message that shows one from an address that is not the person’s own is a finding."
    >
      <Ready of={list} what="directories">
        {({ directories }) =>
          directories.length > 0 ? (
            <BecList directories={directories} />
          ) : (
            <Empty icon="people" title="Nobody to protect yet">
              <p>
                People come from a directory. <Link href="/settings/directories">Add the first one</Link>
              </p>
            </Empty>
          )
        }
      </Ready>
    </Page>
  );
}
