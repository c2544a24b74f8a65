// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'preact/hooks';
import { query } from '../api';
import { usePages } from '../data';
import { count, FullTime, plural, Shown } from '../parts/text';
import { Loading, Note, Page, Problem, Table } from '../parts/ui';
import { setQuery } from '../router';
import type { PostureFinding } from '../types';
import { evidenceText, StateTag } from './posture';

// Beyond that nobody reads paper.
const MOST_ON_PAPER = 1000;

type Filter = Record<string, string | null>;

// The findings that are asked for, on one page for paper.
export function PosturePrint({ filter }: { filter: Filter }) {
  const pages = usePages<PostureFinding>(
    JSON.stringify(filter),
    (after) => '/posture/findings' + query({ ...filter, limit: 500, after }),
    (body: { findings: PostureFinding[]; next: string | null }) => ({ items: body.findings, next: body.next }),
    500,
  );
  const isFull = pages.items.length >= MOST_ON_PAPER;
  useEffect(() => {
    if (!pages.loading && !pages.isComplete && !pages.error && !isFull) pages.more();
  }, [pages.loading, pages.isComplete, pages.error, isFull]);
  const isDone = pages.isComplete || (isFull && !pages.loading);
  const titles = [...new Set(pages.items.map((each) => each.title))];
  return (
    <Page
      title="Posture findings"
      intro={
        <>
          {plural(pages.items.length, 'finding')}, as of <FullTime at={Math.floor(Date.now() / 1000)} />
        </>
      }
      actions={
        <>
          <button type="button" onClick={() => setQuery({ print: '' })}>
            Back
          </button>
          <button type="button" class="primary" disabled={!isDone} onClick={() => print()}>
            Print
          </button>
        </>
      }
    >
      {pages.error && <Problem error={pages.error} retry={pages.reload} />}
      {!isDone && !pages.error && <Loading what="all findings" />}
      {isFull && !pages.isComplete && (
        <Note tone="warn" icon="warning">
          <p>These are the first {count(pages.items.length)}. Narrow them before you print, or export them all.</p>
        </Note>
      )}
      {titles.map((title) => (
        <section class="printed" key={title}>
          <h2>
            {title} <small class="quiet">{pages.items.find((each) => each.title === title)?.severity}</small>
          </h2>
          <Table caption={title}>
            <thead>
              <tr>
                <th scope="col">Who or what</th>
                <th scope="col">State</th>
                <th scope="col">Evidence</th>
                <th scope="col">First seen</th>
              </tr>
            </thead>
            <tbody>
              {pages.items
                .filter((each) => each.title === title)
                .map((each) => (
                  <tr key={each.organization + each.directory + each.subject.type + each.subject.id}>
                    <th scope="row">
                      <Shown text={each.subject.label} empty={each.subject.id} />
                    </th>
                    <td>
                      <StateTag of={each.state} />
                    </td>
                    <td class="wrap-anywhere">
                      <Shown text={evidenceText(each)} empty="" />
                    </td>
                    <td class="nowrap">
                      <FullTime at={each.first_seen} />
                    </td>
                  </tr>
                ))}
            </tbody>
          </Table>
        </section>
      ))}
    </Page>
  );
}
