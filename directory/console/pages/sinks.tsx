// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, write } from '../api';
import { useResource } from '../data';
import { count, Shown, Time } from '../parts/text';
import { attempt, tell, tellError } from '../parts/toast';
import { Ready, Table, Tag } from '../parts/ui';
import type { Sink, SinkTest } from '../types';

function State({ of }: { of: Sink }) {
  if (of.off) return <Tag tone="bad">off until the next start</Tag>;
  return of.last_error === '' ? <Tag tone="good">works</Tag> : <Tag tone="warn">fails, is tried again</Tag>;
}

function Row({ of }: { of: Sink }) {
  return (
    <tr>
      <th scope="row">
        <Shown text={of.name} />
      </th>
      <td>
        {of.kind} to <Shown text={of.target} />
      </td>
      <td>{of.last_success === 0 ? 'never' : <Time at={of.last_success} />}</td>
      <td>
        {count(of.waiting)}
        {of.waiting >= 1000 && ' or more'}
        {of.skipped > 0 && <>, {count(of.skipped)} dropped</>}
      </td>
      <td>
        <State of={of} />
        {of.last_error && (
          <p class="hint">
            <Shown text={of.last_error} />
          </p>
        )}
      </td>
    </tr>
  );
}

// Tells what came back of each test.
function tellTests(tests: SinkTest[]): void {
  const refused = tests.filter((each) => !each.taken);
  refused.forEach((each) => tellError(new Error(`${each.sink}: ${each.detail}`)));
  if (refused.length === 0) tell(tests.length === 1 ? 'The test has arrived.' : 'All tests have arrived.');
}

// Where notifications are sent to. Without any, the page says nothing of it.
export function Sinks() {
  const sinks = useResource<{ sinks: Sink[] }>('/notifications/sinks');
  const [isTesting, setTesting] = useState(false);
  if (sinks.value?.sinks.length === 0) return null;
  const test = () =>
    void attempt(async () => {
      setTesting(true);
      try {
        tellTests((await write<{ tests: SinkTest[] }>('POST', '/notifications/test', {})).tests);
      } finally {
        setTesting(false);
        sinks.reload();
      }
    });
  return (
    <section class="stack">
      <div class="spread">
        <h2>Where they are sent to</h2>
        {may('admin') && (
          <button type="button" disabled={isTesting} onClick={test}>
            {isTesting ? 'Sending' : 'Send a test'}
          </button>
        )}
      </div>
      <Ready of={sinks} what="where notifications are sent to">
        {({ sinks: all }) => (
          <Table caption="Where notifications are sent to">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Where to</th>
                <th scope="col">Last delivered</th>
                <th scope="col">Waiting</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {all.map((each) => (
                <Row key={each.name} of={each} />
              ))}
            </tbody>
          </Table>
        )}
      </Ready>
    </section>
  );
}
