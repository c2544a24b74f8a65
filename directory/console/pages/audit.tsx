// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { query } from '../api';
import { usePages } from '../data';
import { FullTime, Shown } from '../parts/text';
import { Empty, ListEnd, Page, Table } from '../parts/ui';
import type { AuditEntry } from '../types';

function Change({ entry }: { entry: AuditEntry }) {
  if (!entry.before && !entry.after) return null;
  return (
    <span class="change">
      {entry.before && (
        <del>
          <Shown text={entry.before} />
        </del>
      )}
      {entry.before && entry.after && <span class="quiet"> → </span>}
      {entry.after && (
        <ins>
          <Shown text={entry.after} />
        </ins>
      )}
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
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col" class="wide-only">Before and after</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((entry) => (
              <tr key={entry.number}>
                <td class="when">
                  <FullTime at={entry.time} />
                </td>
                <td>
                  <Shown text={entry.who} />
                </td>
                <th scope="row" class="prose">
                  {deed(entry.action)}
                  <small class="block quiet wrap-anywhere">
                    <Shown text={entry.subject} empty="" />
                  </small>
                  <small class="narrow">
                    <Change entry={entry} />
                  </small>
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
