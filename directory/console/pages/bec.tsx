// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { path, query, read, write } from '../api';
import { type Pages, usePages, useResource, useSettled } from '../data';
import { useCatchUp, useEvents } from '../events';
import { Icon } from '../parts/icons';
import { plural, Shown } from '../parts/text';
import { attempt, tell } from '../parts/toast';
import { Empty, ListEnd, Page, Ready, SearchBox, Table } from '../parts/ui';
import { Link, setQuery, useQuery } from '../router';
import type { Directory, Group, PersonSummary, Protection, Warning } from '../types';
import { addressOf, type Deeds, GroupRows, Head, PersonRow, ProtectedRow, type Target } from './bec_rows';
import { subjectOf } from './directories';
import { BecFiles } from './bec_files';
import { PersonPanel, type PersonPlace } from './person_panel';

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

// More people than this come in no order.
const MOST_ORDERED = 100_000;

function sorted<T extends { name: string }>(items: T[]): T[] {
  return [...items].sort((left, right) => byName.compare(left.name, right.name));
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

function People({ subject, search, deeds, changed, people }: ListProps & { changed: string | null; people: number }) {
  // What a search finds is little: it is quicker found in no order, and sorted here.
  const isOrdered = search === '' && people <= MOST_ORDERED;
  const pages = usePages<PersonSummary>(
    subject + '\n' + search,
    (after) => '/people' + query({ directory: subject, search, order: isOrdered ? 'name' : '', limit: 100, after }),
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
            {(isOrdered ? pages.items : sorted(pages.items)).map((person) => (
              <PersonRow key={person.id} person={person} deeds={deeds} />
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="person" many="people" />
    </>
  );
}

function ProtectedList({ organization, subject, search, deeds }: ListProps & { organization: string }) {
  const list = useResource<{ protections: Protection[] }>('/protections');
  useEffect(list.reload, [deeds.turn]);
  const wanted = search.toLocaleLowerCase();
  const fits = (each: Protection) =>
    // What is declared concerns every directory of its organization.
    (each.directory === undefined ? each.organization === organization : subject === each.organization + '/' + each.directory) &&
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

// What of declarations and names is worth a look, folded up: it is no trouble of today.
function Warnings({ organization, turn }: { organization: string; turn: number }) {
  const list = useResource<{ warnings: Warning[] }>('/warnings');
  useEffect(list.reload, [turn]);
  const shown = list.value?.warnings.filter((each) => each.organization === organization) ?? [];
  if (shown.length === 0) return null;
  return (
    <details class="note warn warnings">
      <summary>
        <Icon name="warning" />
        {plural(shown.length, 'warning')} about names and declarations
        <Icon name="chevron" />
      </summary>
      <ul>
        {shown.map((each) => (
          <li key={each.what + each.subject}>
            <Shown text={each.text} />
          </li>
        ))}
      </ul>
    </details>
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
      {chosen && <Warnings organization={chosen.organization} turn={turn} />}
      {view === 'groups' && <Groups key={subject} {...list} />}
      {view === 'people' && <People key={subject} {...list} changed={changed} people={chosen?.people ?? 0} />}
      {view === 'protected' && <ProtectedList organization={chosen?.organization ?? ''} {...list} />}
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
      actions={<BecFiles />}
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
