// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { path, write } from '../api';
import { useSending } from '../data';
import { Copyable, Dialog } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { FullTime, Shown } from '../parts/text';
import { Loading, Note, Problem, Tag } from '../parts/ui';
import type { DomainCheck, Mx, MxStanding, SpfCheck } from '../types';

const STANDINGS: Record<MxStanding, { word: string; tone: 'good' | 'warn' | 'plain'; text: string }> = {
  ours: { word: 'this gateway', tone: 'good', text: 'Mail for the domain comes to this gateway.' },
  mixed: { word: 'partly', tone: 'warn', text: 'Some mail for the domain goes around this gateway: not every MX host is ours.' },
  elsewhere: { word: 'elsewhere', tone: 'plain', text: 'Mail for the domain goes elsewhere: no MX host is this gateway.' },
  none: { word: 'no MX', tone: 'warn', text: 'The domain has no MX record.' },
  unknown: { word: 'not known', tone: 'plain', text: 'DNS has not told yet.' },
};

export function MxTag({ mx }: { mx: Mx }) {
  const { word, tone, text } = STANDINGS[mx.standing];
  return (
    <Tag tone={tone} title={text}>
      {word}
    </Tag>
  );
}

export function MxHosts({ mx }: { mx: Mx }) {
  return (
    <>
      {mx.hosts.map(({ host, preference }, index) => (
        <span key={host + preference}>
          {index > 0 && ', '}
          <Shown text={host} empty="no host" />
        </span>
      ))}
    </>
  );
}

function MxPart({ mx, failure }: { mx: Mx; failure: string }) {
  return (
    <section class="stack">
      <h3>MX</h3>
      <p>
        <MxTag mx={mx} /> {STANDINGS[mx.standing].text}
      </p>
      {mx.hosts.length > 0 && (
        <p class="wrap-anywhere">
          <MxHosts mx={mx} />
        </p>
      )}
      {mx.ready_at > 0 && (
        <p class="hint">
          The MX before it is forgotten everywhere at <FullTime at={mx.ready_at} />.
        </p>
      )}
      {failure && (
        <Note tone="warn" icon="warning">
          <p>
            That is what was seen before: <Shown text={failure} />
          </p>
        </Note>
      )}
    </section>
  );
}

function SpfRow({ check }: { check: SpfCheck }) {
  return (
    <li>
      <Tag tone={check.result === 'pass' ? 'good' : 'warn'}>{check.result}</Tag> <code>{check.address}</code>
      {check.network !== check.address && (
        <span class="quiet">
          {' '}
          of {check.network}
          {!check.whole && ', first and last alone'}
        </span>
      )}
      <small class="block quiet wrap-anywhere">
        <Shown text={check.explanation} />
      </small>
    </li>
  );
}

// What is missing in the record, where adding to it helps.
function termsToAdd(spf: SpfCheck[]): string[] {
  const lacking = spf.filter((each) => ['fail', 'softfail', 'neutral', 'none'].includes(each.result));
  return [...new Set(lacking.map((each) => each.term))];
}

function SpfPart({ spf }: { spf: SpfCheck[] }) {
  if (spf.length === 0) {
    return (
      <section class="stack">
        <h3>SPF</h3>
        <p>
          Not checked: name the gateway’s addresses in <code>gateway_addresses</code> of directory.yaml.
        </p>
      </section>
    );
  }
  const terms = termsToAdd(spf).join(' ');
  const isNone = spf.every((each) => each.result === 'none');
  return (
    <section class="stack">
      <h3>SPF</h3>
      {spf.every((each) => each.result === 'pass') ? (
        <Note tone="good" icon="check">
          <p>This gateway may send for the domain.</p>
        </Note>
      ) : (
        <Note tone="warn" icon="warning">
          <p>This gateway may not send for the domain from all of its addresses.</p>
        </Note>
      )}
      {terms && (
        <>
          <p>{isNone ? 'Publish a TXT record:' : 'Add to the SPF record, before its “all”:'}</p>
          <Copyable text={isNone ? `v=spf1 ${terms} -all` : terms} label="what SPF needs" block />
          {isNone && <p class="hint">With whatever else sends for the domain, before “-all”.</p>}
        </>
      )}
      <ul class="stack">
        {spf.map((each) => (
          <SpfRow key={each.network + each.address} check={each} />
        ))}
      </ul>
    </section>
  );
}

export function CheckDomain({ domain, onClose }: { domain: string; onClose: () => void }) {
  const [found, setFound] = useState<DomainCheck | null>(null);
  const asking = useSending();
  const check = () =>
    void asking.send(async () => setFound(await write<DomainCheck>('POST', path('domains', domain, 'check'))));
  useEffect(check, [domain]);
  return (
    <Dialog title={'Check ' + domain} onClose={onClose}>
      <div class="dialog-body">
        {asking.error && <Problem error={asking.error} />}
        {found === null && asking.busy && <Loading what="MX and SPF" />}
        {found && <MxPart mx={found.mx} failure={found.failure} />}
        {found && <SpfPart spf={found.spf} />}
      </div>
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
        <button type="button" class="primary" disabled={asking.busy} onClick={check}>
          <Icon name="sync" />
          Check again
        </button>
      </footer>
    </Dialog>
  );
}
