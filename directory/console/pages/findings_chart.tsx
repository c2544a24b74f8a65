// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'preact/hooks';
import { query } from '../api';
import { useResource } from '../data';
import { useCatchUp, useEvents } from '../events';
import { type Bar, BarChart } from '../parts/bar_chart';
import { count, plural } from '../parts/text';
import { Ready, Table } from '../parts/ui';
import type { DayCount, Statistics } from '../statistics';
import { FINDINGS, words } from './detections';
import { MostSeen } from './most_seen';

const PERIODS = [7, 30, 90];
const OTHER = 'other';

type By = 'findings' | 'dispositions';

// The words there are, in the order in which they are stacked; what a newer gateway says comes last.
const ORDER: Record<By, string[]> = {
  findings: [...Object.keys(FINDINGS), OTHER],
  dispositions: ['malicious', 'spoof', 'suspicious', 'bulk', 'none', OTHER],
};

const HEADINGS: Record<By, string> = { findings: 'By finding', dispositions: 'By disposition' };

const RELOAD_AFTER = 2000;

const day = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', day: 'numeric', month: 'short' });
const wholeDay = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' });

function labelOf(word: string): string {
  const text = FINDINGS[word] ?? words(word);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Series {
  word: string;
  // Its place in ORDER: each word has one colour, whatever else there is.
  colour: number;
  total: number;
}

function valueOf(of: DayCount, by: By, word: string): number {
  if (word !== OTHER) return of[by][word] ?? 0;
  return Object.entries(of[by]).reduce((sum, [key, value]) => (ORDER[by].includes(key) ? sum : sum + value), 0);
}

function seriesOf(days: DayCount[], by: By): Series[] {
  return ORDER[by]
    .map((word, colour) => ({ word, colour, total: days.reduce((sum, each) => sum + valueOf(each, by, word), 0) }))
    .filter(({ total }) => total > 0);
}

function barsOf(days: DayCount[], by: By): Bar[] {
  return days.map((each, i) => {
    const date = new Date(each.day);
    return {
      label: wholeDay.format(date),
      tick: i === days.length - 1 ? 'today' : day.format(date),
      values: ORDER[by].map((word) => valueOf(each, by, word)),
    };
  });
}

function Legend({ series, of, by }: { series: Series[]; of: DayCount | null; by: By }) {
  return (
    <ul class="legend">
      {series.map(({ word, colour, total }) => (
        <li key={word}>
          <span class={'swatch series-' + colour} aria-hidden="true" />
          {labelOf(word)} <strong>{count(of ? valueOf(of, by, word) : total)}</strong>
        </li>
      ))}
    </ul>
  );
}

function DayTable({ days, bars, series, by }: { days: DayCount[]; bars: Bar[]; series: Series[]; by: By }) {
  return (
    <details class="day-table">
      <summary>Show as a table</summary>
      <Table caption={'Findings on each day (UTC), ' + HEADINGS[by].toLowerCase()}>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col" class="number">
              All
            </th>
            {series.map(({ word }) => (
              <th key={word} scope="col" class="number">
                {labelOf(word)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days
            .map((each, i) => (
              <tr key={each.day}>
                <th scope="row" class="nowrap">{bars[i]?.label}</th>
                <td class="number">{count(each.total)}</td>
                {series.map(({ word }) => (
                  <td key={word} class="number">
                    {count(valueOf(each, by, word))}
                  </td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </Table>
    </details>
  );
}

function Counted({ of, by, isOneOrganization }: { of: Statistics; by: By; isOneOrganization: boolean }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const { days } = of;
  const total = days.reduce((sum, each) => sum + each.total, 0);
  if (!of.configured) return <p class="quiet">Detections are not read: directory.yaml names no folder.</p>;
  if (total === 0 && of.complete) {
    return <p class="quiet">Nothing was found in the last {plural(days.length, 'day')}. Findings are shown here as the gateway makes them.</p>;
  }
  const bars = barsOf(days, by);
  const series = seriesOf(days, by);
  const shown = pointed === null ? null : (days[pointed] ?? null);
  const period = `in the last ${plural(days.length, 'day')}`;
  return (
    <>
      <p class="chart-head">
        <strong>{plural(shown ? shown.total : total, 'finding')}</strong>{' '}
        <span class="quiet">
          {shown && pointed !== null ? `on ${bars[pointed]?.label}` : period}
          {!of.complete && '; older ones are still being counted'}
        </span>
      </p>
      <BarChart
        label={`Bars: ${plural(total, 'finding')} ${period}. The table that follows has each day.`}
        bars={bars}
        pointed={pointed}
        onPoint={setPointed}
      />
      <Legend series={series} of={shown} by={by} />
      <DayTable days={days} bars={bars} series={series} by={by} />
      <MostSeen of={of} isOneOrganization={isOneOrganization} />
    </>
  );
}

// Reads anew what has changed, but not for each of many events.
function useLaziness(reload: () => void): () => void {
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    if (timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      reload();
    }, RELOAD_AFTER);
  };
}

export function Findings({ organizations }: { organizations: string[] }) {
  const [period, setPeriod] = useState(30);
  const [by, setBy] = useState<By>('findings');
  const [organization, setOrganization] = useState('');
  const [mode, setMode] = useState('');
  const counted = useResource<Statistics>('/statistics/detections' + query({ days: period, organization, mode }));
  // What was there stays until the other days are known: nothing jumps.
  const kept = useRef<Statistics | null>(null);
  kept.current = counted.value ?? kept.current;
  const reloadSoon = useLaziness(counted.reload);
  useEvents('detection', reloadSoon);
  useCatchUp(counted.reload);
  useEffect(() => {
    if (counted.value?.complete === false) reloadSoon();
  }, [counted.value]);
  return (
    <section class="card stack chart-card">
      <div class="spread chart-top">
        <h2>Findings over time</h2>
        <div class="filters">
          {organizations.length > 1 && (
            <select aria-label="Organization" value={organization} onChange={(event) => setOrganization(event.currentTarget.value)}>
              <option value="">All organizations</option>
              {organizations.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
          <select aria-label="Mode" value={mode} onChange={(event) => setMode(event.currentTarget.value)}>
            <option value="">Any mode</option>
            <option value="enforce">Enforced</option>
            <option value="monitor">Monitored</option>
          </select>
          <select aria-label="Broken down" value={by} onChange={(event) => setBy(event.currentTarget.value as By)}>
            {Object.entries(HEADINGS).map(([key, text]) => (
              <option key={key} value={key}>
                {text}
              </option>
            ))}
          </select>
          <select aria-label="Period" value={period} onChange={(event) => setPeriod(Number(event.currentTarget.value))}>
            {PERIODS.map((each) => (
              <option key={each} value={each}>
                {each} days
              </option>
            ))}
          </select>
        </div>
      </div>
      <Ready of={{ ...counted, value: kept.current }} what="the findings">
        {(of) => <Counted of={of} by={by} isOneOrganization={organizations.length < 2 || organization !== ''} />}
      </Ready>
    </section>
  );
}
