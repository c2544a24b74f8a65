// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { path, query } from '../api';
import { usePages, useResource } from '../data';
import { Copyable, Dialog } from '../parts/dialog';
import { count, FullTime, Shown } from '../parts/text';
import { Ready, Tag } from '../parts/ui';
import { Link } from '../router';
import type { Detection, PersonSummary } from '../types';
import { DetectionMarking } from './detection_mark';
import { Disposition, FINDINGS, words } from './detections';
import { MessagePull } from './message_pull';

const BEYOND_ASCII = /[^\x20-\x7e]/gu;

// A YAML text; what is not plain ASCII is escaped, so that what is copied hides nothing.
function quoted(text: string): string {
  return JSON.stringify(text).replace(BEYOND_ASCII, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff
      ? '\\U' + code.toString(16).padStart(8, '0')
      : '\\u' + code.toString(16).padStart(4, '0');
  });
}

function exceptionFor(of: Detection, person: string): string {
  const comment = person ? '' : '  # any configured address of the person';
  return [
    'exceptions:',
    `  - name: ${quoted((of.person ?? 'somebody') + ' as ' + (of.address ?? ''))}`,
    `    person: ${quoted(person)}${comment}`,
    `    from: [${quoted(of.address ?? '')}]`,
    '    authenticated: true',
    '    owner: ""  # who answers for it',
    '    reason: ""  # why it is needed',
    '',
  ].join('\n');
}

function Exception({ of }: { of: Detection }) {
  const people = usePages<PersonSummary>(
    of.id,
    (after) => '/people' + query({ search: of.person, limit: 100, after }),
    (body: { people: PersonSummary[]; next: string | null }) => ({ items: body.people, next: body.next }),
  );
  const same = people.items.filter((each) => each.organization === of.organization && each.name === of.person);
  const person = same.length === 1 ? (same[0]?.mail ?? '') : '';
  return (
    <section class="stack">
      <h3>Is this {of.person} after all?</h3>
      <p class="hint">
        If the address is their own, make it a <Link href={'/settings/business-email-compromise' + query({ view: 'people', search: of.person })}>secondary email</Link>.
        If something sends in their name, add this exception to policy.yaml:
      </p>
      <Copyable text={exceptionFor(of, person)} label="the exception" block />
    </section>
  );
}

function Steps({ of }: { of: Detection }) {
  const isDone = of.decides && of.mode === 'enforce';
  const steps: [string, ComponentChildren][] = [
    ['Shown', <Shown text={of.shown?.[0]} empty="no name" />],
    [
      'Found',
      <>
        {FINDINGS[of.finding] ?? words(of.finding)}
        {of.match && <> by a match that is {words(of.match)}</>}
        {of.field && <>, in {of.field}</>}
      </>,
    ],
    ['Sender checked', <Shown text={of.authentication} empty="not worked out: it did not matter" />],
    ['Rule', of.rule ? <Shown text={of.rule} /> : 'none: the default applies'],
    [
      'Action',
      <>
        <strong>{words(of.action)}</strong>
        {isDone ? '' : of.mode === 'monitor' ? ', in monitor mode: not carried out' : ', a stricter finding decided'}
      </>,
    ],
  ];
  if (of.shadow_action) {
    steps.push([
      'Shadow rules',
      <>
        would do {words(of.shadow_action)}
        {of.shadow_rule && <> by {of.shadow_rule}</>}
      </>,
    ]);
  }
  return (
    <section class="stack">
      <h3>Why</h3>
      <ol class="steps">
        {steps.map(([name, text]) => (
          <li key={name}>
            <span class="step-name">{name}</span>
            <div>{text}</div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Fact({ name, text }: { name: string; text: string | undefined }) {
  return text ? (
    <>
      <dt>{name}</dt>
      <dd>
        <Shown text={text} />
      </dd>
    </>
  ) : null;
}

function Facts({ of }: { of: Detection }) {
  const hidden = (of.recipient_count ?? 0) - (of.recipients?.length ?? 0);
  return (
    <section class="stack">
      <h3>Message</h3>
      <dl class="facts">
        <dt>When</dt>
        <dd>
          <FullTime at={of.time} />
        </dd>
        <Fact name="From, as received" text={of.from} />
        {(of.shown ?? []).slice(1).map((each) => (
          <Fact key={each} name="Also shown as" text={each} />
        ))}
        {(of.reply_to ?? []).map((each) => (
          <Fact key={each} name="Reply-To" text={each} />
        ))}
        <Fact name="Envelope sender" text={of.mail_from || '<>'} />
        <dt>Recipients</dt>
        <dd>
          <ul class="plain-list">
            {(of.recipients ?? []).map((each) => (
              <li key={each}>
                <Shown text={each} />
              </li>
            ))}
            {hidden > 0 && <li class="quiet">and {count(hidden)} more</li>}
          </ul>
        </dd>
        <Fact name="Message-ID" text={of.message_id} />
        <Fact name="Queue id" text={of.queue_id} />
        <Fact name="Client" text={[of.client, of.helo && `(${of.helo})`].filter(Boolean).join(' ')} />
        <Fact name="Organization" text={of.organization} />
        <Fact name="Policy" text={of.policy} />
        <dt>Generation</dt>
        <dd>{count(of.generation)}</dd>
      </dl>
    </section>
  );
}

function Body({ of }: { of: Detection }) {
  return (
    <div class="dialog-body">
      <div class="verdict">
        <p class="verdict-shown">
          <Shown text={of.shown?.[0]} empty="(no name)" />
        </p>
        <p class="verdict-address">
          <Shown text={of.address} empty="no address" />
        </p>
        <span class="markers">
          <Disposition of={of} />
          <Tag>{words(of.action)}</Tag>
          {of.mode === 'monitor' && <Tag tone="info">monitor</Tag>}
        </span>
      </div>
      <p>
        <Shown text={of.reason} empty="No reason was recorded." />
      </p>
      <Steps of={of} />
      {(of.noted ?? []).length > 0 && (
        <section class="stack">
          <h3>Seen beside it</h3>
          <ul class="plain-list">
            {(of.noted ?? []).map((each) => (
              <li key={each.reason}>
                {FINDINGS[each.finding] ?? words(each.finding)}: <Shown text={each.reason} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <DetectionMarking id={of.id} />
      <MessagePull detection={of} />
      {of.person && of.address && <Exception of={of} />}
      <Facts of={of} />
    </div>
  );
}

export function DetectionPanel({ id, known, onClose }: {
  id: string;
  known: Detection | undefined;
  onClose: () => void;
}) {
  const found = useResource<Detection>(known ? null : path('detections', id));
  return (
    <Dialog title="Detection" onClose={onClose}>
      {known ? (
        <Body of={known} />
      ) : (
        <Ready of={found} what="the detection">
          {(of) => <Body of={of} />}
        </Ready>
      )}
    </Dialog>
  );
}
