// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { query } from '../api';
import { usePages } from '../data';
import { FullTime, Shown } from '../parts/text';
import { Empty, ListEnd, Page, Table } from '../parts/ui';
import type { AuditEntry } from '../types';

type Settings = Map<string, string>;

function flatten(value: object, above: string, into: Settings): Settings {
  for (const [name, part] of Object.entries(value)) {
    const at = above + name;
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) flatten(part, at + '.', into);
    else into.set(at, Array.isArray(part) ? part.join(', ') : String(part));
  }
  return into;
}

// The settings of a directory, each part under its name: sync.every. Null for another text.
function settingsOf(text: string): Settings | null {
  if (text === '') return new Map();
  if (!text.startsWith('{')) return null;
  try {
    return flatten(JSON.parse(text) as object, '', new Map());
  } catch {
    return null;
  }
}

function BeforeAndAfter({ before, after }: { before: string; after: string }) {
  return (
    <>
      {before && (
        <del>
          <Shown text={before} />
        </del>
      )}
      {before && after && <span class="quiet"> → </span>}
      {after && (
        <ins>
          <Shown text={after} />
        </ins>
      )}
    </>
  );
}

// Of settings what is another than before.
function Differences({ before, after }: { before: Settings; after: Settings }) {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return (
    <ul class="change plain-list">
      {names
        .filter((name) => before.get(name) !== after.get(name))
        .map((name) => (
          <li key={name}>
            <span class="quiet">{name}</span>{' '}
            <BeforeAndAfter before={before.get(name) ?? ''} after={after.get(name) ?? ''} />
          </li>
        ))}
    </ul>
  );
}

function Change({ entry }: { entry: AuditEntry }) {
  if (!entry.before && !entry.after) return null;
  const before = settingsOf(entry.before);
  const after = settingsOf(entry.after);
  if (before && after) return <Differences before={before} after={after} />;
  return (
    <span class="change">
      <BeforeAndAfter before={entry.before} after={entry.after} />
    </span>
  );
}

// What is done to what: the log has `group.protect`, people say `protect group`.
function deed(action: string): string {
  const [thing, verb] = action.split('.');
  return (verb ? verb + ' ' + thing : action).replaceAll('_', ' ');
}

export function Audit() {
  const pages = usePages<AuditEntry>(
    'audit',
    (before) => '/audit' + query({ limit: 100, before }),
    (body: { audit: AuditEntry[]; next: number | null }) => ({ items: body.audit, next: body.next }),
  );
  const isEmpty = pages.isComplete && pages.items.length === 0;
  return (
    <Page title="Audit" intro="Who changed what, and who signed in; the newest first.">
      {isEmpty && (
        <Empty icon="audit" title="Nothing has been changed yet">
          <p>Every change and every sign-in will be listed here.</p>
        </Empty>
      )}
      {pages.items.length > 0 && (
        <Table caption="Audit log">
          <thead>
            <tr>
              <th scope="col" class="wide-only">When</th>
              <th scope="col" class="wide-only">Who</th>
              <th scope="col">What</th>
              <th scope="col" class="wide-only">Before and after</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((entry) => (
              <tr key={entry.number}>
                <td class="when wide-only">
                  <FullTime at={entry.time} />
                </td>
                <td class="wide-only">
                  <Shown text={entry.who} />
                </td>
                <th scope="row" class="prose">
                  {deed(entry.action)}
                  <small class="block quiet wrap-anywhere">
                    <Shown text={entry.subject} empty="" />
                  </small>
                  <small class="narrow">
                    <Shown text={entry.who} />, <FullTime at={entry.time} />
                  </small>
                  <div class="narrow small">
                    <Change entry={entry} />
                  </div>
                </th>
                <td class="wide-only">
                  <Change entry={entry} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="entry" many="entries" />
    </Page>
  );
}
