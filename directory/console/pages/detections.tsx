// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { query } from '../api';
import { usePages, useSettled } from '../data';
import { useCatchUp, useEvents } from '../events';
import { Filter, optionsOf } from '../parts/filter';
import { count, plural, Shown, Time } from '../parts/text';
import { Empty, ListEnd, Note, Page, SearchBox, Table, Tag, type Tone } from '../parts/ui';
import { setQuery, useQuery, useUrl } from '../router';
import type { Detection, DetectionPage } from '../types';
import { DetectionPanel } from './detection_panel';
import { SuggestionList } from './suggestions';

export const FINDINGS: Record<string, string> = {
  protected_name: 'Protected name',
  spoofed_address: 'Spoofed address',
  ambiguous_from: 'Ambiguous From',
  malformed_from: 'Malformed From',
};

const MATCHES = ['exact', 'reordered', 'decorated', 'lookalike', 'address', 'nickname', 'typo', 'local_part'];
const ACTIONS = ['accept', 'tag', 'copy', 'expose', 'redirect', 'quarantine', 'tempfail', 'discard', 'reject'];
const TONES: Record<string, Tone> = { malicious: 'bad', spoof: 'bad', suspicious: 'warn', bulk: 'info', none: 'plain' };

const PERIODS = [
  ['', 'Any time'],
  ['86400', 'Last 24 hours'],
  ['604800', 'Last 7 days'],
  ['2592000', 'Last 30 days'],
] as const;

export function words(text: string | undefined): string {
  return (text ?? '').replaceAll('_', ' ');
}

export function Disposition({ of }: { of: Detection }) {
  return <Tag tone={TONES[of.disposition] ?? 'plain'}>{of.disposition}</Tag>;
}

// How it was shown, beside whose name it is.
export function ShownAs({ of }: { of: Detection }) {
  return (
    <span class="shown-as">
      <Shown text={of.shown?.[0]} empty="(no name)" />
      <small>
        <Shown text={of.address} empty="no address" />
      </small>
    </span>
  );
}

function Row({ of, onOpen }: { of: Detection; onOpen: () => void }) {
  const others = (of.recipient_count ?? 0) - 1;
  return (
    <tr>
      <td class="when wide-only">
        <Time at={of.time} />
      </td>
      <th scope="row">
        <button type="button" class="link name" onClick={onOpen}>
          <ShownAs of={of} />
        </button>
        <small class="narrow">
          <Time at={of.time} />
        </small>
      </th>
      <td class="wide-only">
        <Shown text={of.person} empty="nobody" />
        <small class="block quiet">
          {FINDINGS[of.finding] ?? words(of.finding)}
          {of.match && ', ' + words(of.match)}
        </small>
      </td>
      <td>
        <Disposition of={of} />
        <small class="block quiet">
          {words(of.action)}
          {of.mode === 'monitor' && ' (monitor)'}
        </small>
      </td>
      <td class="wide-only wrap-anywhere">
        <Shown text={of.recipients?.[0]} empty="" />
        {others > 0 && <small class="block quiet">and {count(others)} more</small>}
      </td>
    </tr>
  );
}

const FILTERS = ['text', 'finding', 'match', 'action', 'disposition', 'period'];

export function Detections() {
  const parameters = useUrl().searchParams;
  const [text, setText] = useQuery('text');
  const [shown] = useQuery('id');
  const settled = useSettled(text);
  const [fresh, setFresh] = useState(0);
  const [configured, setConfigured] = useState(true);
  const [openedAt] = useState(Math.floor(Date.now() / 1000));
  const period = Number(parameters.get('period') ?? 0);
  const filter = {
    text: settled,
    finding: parameters.get('finding'),
    match: parameters.get('match'),
    action: parameters.get('action'),
    disposition: parameters.get('disposition'),
    since: period > 0 ? openedAt - period : null,
  };
  const pages = usePages<Detection>(
    JSON.stringify(filter),
    (before) => '/detections' + query({ ...filter, limit: 100, before }),
    (body: DetectionPage) => {
      setConfigured(body.configured);
      return { items: body.detections, next: body.next };
    },
  );
  useEvents('detection', () => setFresh((old) => old + 1));
  useCatchUp(pages.reload);
  const isFiltered = FILTERS.some((name) => parameters.get(name));
  const isEmpty = pages.isComplete && !pages.loading && pages.items.length === 0;
  const showFresh = () => {
    setFresh(0);
    pages.reload();
  };
  return (
    <Page title="Detections" intro="Messages on which the gateway found something; the newest first.">
      <div class="toolbar">
        <SearchBox label="Search names, addresses, message ids" value={text} onInput={setText} />
        <div class="filters">
          <Filter name="period" label="When" choices={PERIODS} />
          <Filter name="finding" label="Finding" choices={[['', 'All findings'], ...Object.entries(FINDINGS)]} />
          <Filter name="match" label="Match" choices={optionsOf(MATCHES, 'All matches')} />
          <Filter name="disposition" label="Disposition" choices={optionsOf(Object.keys(TONES), 'All dispositions')} />
          <Filter name="action" label="Action" choices={optionsOf(ACTIONS, 'All actions')} />
        </div>
      </div>
      <SuggestionList />
      {fresh > 0 && (
        <Note>
          <p role="status">{plural(fresh, 'new detection')}</p>
          <button type="button" onClick={showFresh}>
            Show
          </button>
        </Note>
      )}
      {isEmpty && !configured && (
        <Empty icon="detections" title="Detections are not read">
          <p>
            Name the gateway’s folder in directory.yaml, as <code>detections</code>, and keep it in gateway.yaml too.
          </p>
        </Empty>
      )}
      {isEmpty && configured && (
        <Empty icon="shield" title={isFiltered ? 'No detection like that' : 'Nothing was found yet'}>
          {isFiltered ? (
            <button type="button" onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, ''])))}>
              Clear the filters
            </button>
          ) : (
            <p>When a message shows a protected name from a foreign address, it is listed here.</p>
          )}
        </Empty>
      )}
      {pages.items.length > 0 && (
        <Table caption="Detections">
          <thead>
            <tr>
              <th scope="col" class="wide-only">When</th>
              <th scope="col">Shown as</th>
              <th scope="col" class="wide-only">Protected</th>
              <th scope="col">Disposition</th>
              <th scope="col" class="wide-only">Recipient</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((each) => (
              <Row key={each.id} of={each} onOpen={() => setQuery({ id: each.id })} />
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="detection" />
      {shown && (
        <DetectionPanel
          id={shown}
          known={pages.items.find((each) => each.id === shown)}
          onClose={() => setQuery({ id: '' })}
        />
      )}
    </Page>
  );
}

