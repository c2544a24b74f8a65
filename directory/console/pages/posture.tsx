// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { begin, may, query } from '../api';
import { usePages, useResource, useSettled } from '../data';
import { jobs, useEvents } from '../events';
import { Filter, optionsOf } from '../parts/filter';
import { Icon } from '../parts/icons';
import { Menu } from '../parts/menu';
import { count, plural, Shown, Time } from '../parts/text';
import { attempt, tell } from '../parts/toast';
import { Empty, ListEnd, Note, Page, Progress, Ready, SearchBox, Table, Tag, type Tone } from '../parts/ui';
import { Link, navigate, setQuery, useQuery, useUrl } from '../router';
import { useStore } from '../store';
import type { FindingState, PostureFinding, PostureKind, PostureScan, Severity } from '../types';
import { PosturePanel } from './posture_panel';
import { PosturePrint } from './posture_print';

const SEVERITIES: Record<Severity, Tone> = { high: 'bad', medium: 'warn', low: 'plain' };

const STATES: Record<FindingState, { word: string; tone: Tone }> = {
  open: { word: 'open', tone: 'warn' },
  resolved: { word: 'resolved', tone: 'good' },
  not_evaluated: { word: 'not evaluated', tone: 'plain' },
};

export function SeverityTag({ of }: { of: Severity }) {
  return <Tag tone={SEVERITIES[of]}>{of}</Tag>;
}

export function StateTag({ of }: { of: FindingState }) {
  return <Tag tone={STATES[of].tone}>{STATES[of].word}</Tag>;
}

export function evidenceText(finding: PostureFinding): string {
  const seen = finding.evidence.map((field) => field.name.replaceAll('_', ' ') + ': ' + field.values.join(', '));
  return seen.length > 0 ? seen.join('; ') : finding.reason;
}

function nameOf(scan: PostureScan): string {
  return scan.organization + '/' + scan.directory;
}

const FILTERS = ['text', 'finding', 'category', 'severity', 'state', 'directory'];

// What the address says is asked for. Open ones, if it says nothing of the state.
function useFilter() {
  const parameters = useUrl().searchParams;
  const text = useSettled(parameters.get('text') ?? '');
  const state = parameters.get('state') ?? 'open';
  return {
    text,
    finding: parameters.get('finding'),
    category: parameters.get('category'),
    severity: parameters.get('severity'),
    state: state === 'all' ? null : state,
    directory: parameters.get('directory'),
  };
}

function Scan({ scan }: { scan: PostureScan }) {
  const running = [...useStore(jobs).values()].find(
    (job) => job.kind === 'posture_scan' && job.subject === nameOf(scan) && job.state === 'running',
  );
  const start = () =>
    void attempt(async () => {
      await begin('/posture/scans', { directory: nameOf(scan) });
      tell(`${scan.directory} is being looked at.`);
    });
  return (
    <section class="card stack">
      <div class="spread">
        <h2>
          <Shown text={scan.directory} /> <small class="quiet"><Shown text={scan.organization} /></small>
        </h2>
        {may('operator') && (
          <button type="button" disabled={Boolean(running)} onClick={start}>
            <Icon name="search" />
            {scan.phase === 'none' ? 'Scan now' : 'Go on now'}
          </button>
        )}
      </div>
      {running ? (
        <p class="with-icon" role="status">
          <Progress label="Scan" done={running.done} total={running.total} />
          <Shown text={running.message} />
        </p>
      ) : (
        <p class="quiet">
          Last looked at: <Time at={scan.finished} />
        </p>
      )}
      {!running && scan.failure && (
        <Note tone="warn" icon="warning">
          <p>
            The scan has stopped: <Shown text={scan.failure} />
          </p>
        </Note>
      )}
      {scan.unread.length > 0 && (
        <Note tone="warn" icon="warning">
          <p>
            Not everything could be read. <Link href="/settings/permissions">Permissions</Link>
          </p>
          <ul class="plain-list">
            {scan.unread.map((each) => (
              <li key={each}>
                <Shown text={each} />
              </li>
            ))}
          </ul>
        </Note>
      )}
      {scan.notes.length > 0 && (
        <details>
          <summary>{plural(scan.notes.length, 'note')}</summary>
          <ul class="plain-list">
            {scan.notes.map((each) => (
              <li key={each}>
                <Shown text={each} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Kinds({ kinds }: { kinds: PostureKind[] }) {
  const found = kinds.filter((kind) => kind.open + kind.not_evaluated > 0);
  const categories = [...new Set(found.map((kind) => kind.category))];
  if (found.length === 0) return null;
  return (
    <Table caption="Findings by category" class="kinds">
      <thead>
        <tr>
          <th scope="col">Finding</th>
          <th scope="col">Severity</th>
          <th scope="col" class="number">Open</th>
          <th scope="col" class="number wide-only">Not evaluated</th>
          <th scope="col" class="number wide-only">Resolved</th>
        </tr>
      </thead>
      {categories.map((category) => (
        <tbody key={category}>
          <tr>
            <th scope="rowgroup" colSpan={5} class="group-head">
              {category}
            </th>
          </tr>
          {found
            .filter((kind) => kind.category === category)
            .map((kind) => (
              <tr key={kind.finding}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    onClick={() => setQuery({ finding: kind.finding, state: kind.open > 0 ? '' : 'not_evaluated' })}
                  >
                    {kind.title}
                  </button>
                </th>
                <td>
                  <SeverityTag of={kind.severity} />
                </td>
                <td class="number">{count(kind.open)}</td>
                <td class="number wide-only">{count(kind.not_evaluated)}</td>
                <td class="number wide-only">{count(kind.resolved)}</td>
              </tr>
            ))}
        </tbody>
      ))}
    </Table>
  );
}

function Row({ finding, onOpen }: { finding: PostureFinding; onOpen: () => void }) {
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link name" onClick={onOpen}>
          <Shown text={finding.subject.label} empty={finding.subject.id} />
        </button>
        <small class="block quiet">{finding.title}</small>
      </th>
      <td>
        <SeverityTag of={finding.severity} /> <StateTag of={finding.state} />
      </td>
      <td class="wide-only wrap-anywhere">
        <Shown text={evidenceText(finding)} empty="" />
      </td>
      <td class="wide-only nowrap">
        <Time at={finding.first_seen} />
      </td>
    </tr>
  );
}

export function Posture() {
  const isForPaper = useUrl().searchParams.get('print') !== null;
  return isForPaper ? <PostureForPaper /> : <PostureList />;
}

function PostureForPaper() {
  return <PosturePrint filter={useFilter()} />;
}

function PostureList() {
  const parameters = useUrl().searchParams;
  const [text, setText] = useQuery('text');
  const [opened, setOpened] = useState<PostureFinding | null>(null);
  const filter = useFilter();
  const scans = useResource<{ scans: PostureScan[] }>('/posture/scans');
  const summary = useResource<{ findings: PostureKind[] }>('/posture/summary' + query({ directory: filter.directory }));
  const pages = usePages<PostureFinding>(
    JSON.stringify(filter),
    (after) => '/posture/findings' + query({ ...filter, limit: 100, after }),
    (body: { findings: PostureFinding[]; next: string | null }) => ({ items: body.findings, next: body.next }),
  );
  useEvents('job', (job) => {
    if (job.kind !== 'posture_scan' || job.state === 'running') return;
    scans.reload();
    summary.reload();
    pages.reload();
  });
  const kinds = summary.value?.findings ?? [];
  const chosen = kinds.find((kind) => kind.finding === filter.finding);
  const isFiltered = FILTERS.some((name) => parameters.get(name));
  const isEmpty = pages.isComplete && !pages.loading && pages.items.length === 0;
  const download = (format: string) => () => {
    location.assign('/api/v1/posture/export' + query({ ...filter, format }));
  };
  const print = () => {
    const shown = new URLSearchParams(parameters);
    shown.set('print', 'yes');
    navigate('/posture?' + shown.toString());
  };
  return (
    <Page
      title="Posture"
      intro="What is set up weakly in the tenants, looked at daily."
      actions={
        <Menu
          label="Export"
          items={[
            { label: 'CSV', icon: 'out', act: download('csv') },
            { label: 'JSON', icon: 'out', act: download('json') },
            { label: 'Print …', icon: 'external', act: print },
          ]}
        >
          <Icon name="out" />
          Export
        </Menu>
      }
    >
      <Ready of={scans} what="scans">
        {({ scans: all }) =>
          all.length === 0 ? (
            <Empty icon="posture" title="No tenant is looked at">
              <p>
                Add <code>posture</code> to the features of an Office 365 directory, and grant what it needs.{' '}
                <Link href="/settings/permissions">Permissions</Link>
              </p>
            </Empty>
          ) : (
            <div class="stack">
              {all.map((scan) => (
                <Scan key={nameOf(scan)} scan={scan} />
              ))}
              <Kinds kinds={kinds} />
              <h2>Findings</h2>
              <div class="toolbar">
                <SearchBox label="Search people, domains, apps" value={text} onInput={setText} />
                <div class="filters">
                  <Filter
                    name="state"
                    label="State"
                    choices={[['', 'Open'], ['resolved', 'Resolved'], ['not_evaluated', 'Not evaluated'], ['all', 'All states']]}
                  />
                  <Filter name="severity" label="Severity" choices={optionsOf(['high', 'medium', 'low'], 'All severities')} />
                  <Filter
                    name="category"
                    label="Category"
                    choices={optionsOf([...new Set(kinds.map((kind) => kind.category))], 'All categories')}
                  />
                  <Filter
                    name="finding"
                    label="Finding"
                    choices={[['', 'All findings'], ...kinds.map((kind): [string, string] => [kind.finding, kind.title])]}
                  />
                </div>
              </div>
              {chosen && (
                <Note>
                  <p>{chosen.advice}</p>
                </Note>
              )}
              {isEmpty && (
                <Empty icon="check" title={isFiltered ? 'No finding like that' : 'No finding is open'}>
                  {isFiltered && (
                    <button type="button" onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ''])))}>
                      Clear the filters
                    </button>
                  )}
                </Empty>
              )}
              {pages.items.length > 0 && (
                <Table caption="Findings">
                  <thead>
                    <tr>
                      <th scope="col">Who or what</th>
                      <th scope="col">State</th>
                      <th scope="col" class="wide-only">Evidence</th>
                      <th scope="col" class="wide-only">First seen</th>
                    </tr>
                  </thead>
                  <tbody>
                    {pages.items.map((each) => (
                      <Row
                        key={[each.organization, each.directory, each.finding, each.subject.type, each.subject.id].join('\n')}
                        finding={each}
                        onOpen={() => setOpened(each)}
                      />
                    ))}
                  </tbody>
                </Table>
              )}
              <ListEnd pages={pages} one="finding" />
            </div>
          )
        }
      </Ready>
      {opened && (
        <PosturePanel
          finding={opened}
          advice={kinds.find((kind) => kind.finding === opened.finding)?.advice ?? ''}
          onClose={() => setOpened(null)}
        />
      )}
    </Page>
  );
}
