// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, query, write } from '../api';
import { useResource } from '../data';
import { jobs, useEvents } from '../events';
import { confirm } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Shown, Time } from '../parts/text';
import { tell } from '../parts/toast';
import { Empty, Note, Page, Progress, Ready, Tag } from '../parts/ui';
import { Link } from '../router';
import { useStore } from '../store';
import type { ConnectorPlan, ConnectorStanding } from '../types';
import { ConnectorPlanPanel } from './connector_plan';
import { StepPanel, type Step } from './connector_step';

function nameOf(standing: ConnectorStanding): string {
  return standing.organization + '/' + standing.directory;
}

function Running({ standing }: { standing: ConnectorStanding }) {
  const running = [...useStore(jobs).values()].find(
    (job) => job.kind === 'connectors' && job.subject === nameOf(standing),
  );
  if (!running) return null;
  return (
    <p class="with-icon">
      <Progress label="Connectors" done={running.done} total={running.total} />
      <Shown text={running.message} />
    </p>
  );
}

interface RowProps {
  title: string;
  text: string;
  isOn: boolean;
  words: [on: string, off: string];
  action: string;
  disabled: boolean;
  act: () => void;
}

function StepRow({ title, text, isOn, words, action, disabled, act }: RowProps) {
  return (
    <li class="spread">
      <div class="grow">
        <h3>
          {title} <Tag tone={isOn ? 'good' : 'plain'}>{isOn ? words[0] : words[1]}</Tag>
        </h3>
        <p class="quiet">{text}</p>
      </div>
      {may('admin') && (
        <button type="button" disabled={disabled} onClick={act}>
          {action}
        </button>
      )}
    </li>
  );
}

interface CardProps {
  standing: ConnectorStanding;
  plan: () => void;
  step: (step: Step) => void;
  reload: () => void;
}

function Card({ standing, plan, step, reload }: CardProps) {
  const directory = nameOf(standing);
  const verify = async () => {
    const found = await write<ConnectorPlan>('POST', '/connectors/verify', { directory });
    tell(found.fulfilled ? 'Everything is as it should be.' : 'Exchange is not as it should be.');
    reload();
  };
  const remove = () =>
    confirm({
      title: `Remove fromguard from ${directory}?`,
      text: 'Exchange is unlocked, and the connectors and rules that fromguard made are removed. Mail then comes and leaves as without it.',
      action: 'Unlock and remove',
      dangerous: true,
      work: async () => {
        await write('POST', '/connectors/remove', { directory });
        tell(`Everything of fromguard’s is removed from ${directory}.`);
        reload();
      },
    });
  return (
    <section class="card stack">
      <div class="spread">
        <h2>
          <Shown text={standing.directory} /> <small class="quiet"><Shown text={standing.organization} /></small>
        </h2>
        <div class="with-icon">
          {may('operator') && (
            <button type="button" class={standing.applied && !standing.drift ? '' : 'primary'} onClick={plan}>
              <Icon name="search" />
              Plan …
            </button>
          )}
          <a class="button" href={'/api/v1/connectors/script' + query({ directory })} download>
            <Icon name="out" />
            PowerShell
          </a>
        </div>
      </div>
      <Running standing={standing} />
      {standing.drift && (
        <Note tone="warn" icon="warning">
          <p>
            Not as it should be: <Shown text={standing.drift} />. Plan to see what differs.
          </p>
        </Note>
      )}
      {!standing.applied && (
        <Note>
          <p>Nothing of fromguard’s is in this tenant. Plan to see what would be made; it is made disabled.</p>
        </Note>
      )}
      <ul class="stack plain-list">
        <StepRow
          title="Inbound connector"
          text="Exchange knows the gateway. Once a domain’s MX points to it."
          isOn={standing.inbound_enabled}
          words={['enabled', 'disabled']}
          action="Enable …"
          disabled={!standing.applied || standing.inbound_enabled}
          act={() => step('enable-inbound')}
        />
        <StepRow
          title="Lock"
          text="Exchange rejects mail from the Internet that does not come through the gateway. Once every domain’s MX points to it."
          isOn={standing.locked}
          words={['locked', 'open']}
          action={standing.locked ? 'Unlock …' : 'Lock …'}
          disabled={!standing.applied}
          act={() => step(standing.locked ? 'unlock' : 'lock')}
        />
        <StepRow
          title="Outbound connector"
          text="The tenant’s mail leaves through the gateway. Once SPF of every domain passes for it."
          isOn={standing.outbound_enabled}
          words={['enabled', 'disabled']}
          action={standing.outbound_enabled ? 'Disable …' : 'Enable …'}
          disabled={!standing.applied}
          act={() => step(standing.outbound_enabled ? 'disable-outbound' : 'enable-outbound')}
        />
      </ul>
      {standing.applied && (
        <div class="spread">
          <p class="quiet">
            Verified <Time at={standing.last_verified} />
          </p>
          <div class="with-icon">
            {may('operator') && (
              <button type="button" onClick={() => void verify()}>
                <Icon name="sync" />
                Verify now
              </button>
            )}
            {may('admin') && (
              <button type="button" class="danger" onClick={remove}>
                Remove …
              </button>
            )}
          </div>
        </div>
      )}
    </section>
  );
}

export function Connectors() {
  const list = useResource<{ connectors: ConnectorStanding[] }>('/connectors');
  const [planning, setPlanning] = useState<string | null>(null);
  const [taking, setTaking] = useState<{ directory: string; step: Step } | null>(null);
  useEvents('job', (job) => {
    if (job.kind === 'connectors' && job.state !== 'running') list.reload();
  });
  return (
    <Page title="Connectors" intro="How Exchange Online takes mail from the gateway, and sends mail to it.">
      <Ready of={list} what="connectors">
        {({ connectors }) =>
          connectors.length === 0 ? (
            <Empty icon="connectors" title="No tenant to provision">
              <p>
                Add <code>provision</code> to the features of an Office 365 directory, and grant what it needs.{' '}
                <Link href="/settings/permissions">Permissions</Link>
              </p>
            </Empty>
          ) : (
            <div class="stack wide-gap">
              {connectors.map((standing) => (
                <Card
                  key={nameOf(standing)}
                  standing={standing}
                  plan={() => setPlanning(nameOf(standing))}
                  step={(step) => setTaking({ directory: nameOf(standing), step })}
                  reload={list.reload}
                />
              ))}
            </div>
          )
        }
      </Ready>
      {planning && (
        <ConnectorPlanPanel
          directory={planning}
          onClose={() => {
            setPlanning(null);
            list.reload();
          }}
        />
      )}
      {taking && (
        <StepPanel
          directory={taking.directory}
          step={taking.step}
          onClose={() => {
            setTaking(null);
            list.reload();
          }}
        />
      )}
    </Page>
  );
}
