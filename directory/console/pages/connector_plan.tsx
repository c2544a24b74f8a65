// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { begin, may, write } from '../api';
import { useSending } from '../data';
import { Dialog } from '../parts/dialog';
import { Shown } from '../parts/text';
import { tell } from '../parts/toast';
import { Loading, Note, Problem, Tag, type Tone } from '../parts/ui';
import type { ConnectorPlan, PlanAction, PlannedObject } from '../types';

const ACTIONS: Record<PlanAction, { word: string; tone: Tone }> = {
  create: { word: 'create', tone: 'info' },
  change: { word: 'change', tone: 'warn' },
  leave: { word: 'as it should be', tone: 'good' },
  remove: { word: 'remove', tone: 'warn' },
  conflict: { word: 'conflict', tone: 'bad' },
};

const KINDS = {
  InboundConnector: 'Inbound connector',
  OutboundConnector: 'Outbound connector',
  TransportRule: 'Mail flow rule',
};

function textOf(value: unknown): string {
  if (value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(textOf).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function isSomething(value: unknown): boolean {
  return textOf(value) !== 'nothing';
}

function Planned({ object }: { object: PlannedObject }) {
  const { word, tone } = ACTIONS[object.action];
  return (
    <section class="stack">
      <h3>
        <Tag tone={tone}>{word}</Tag> <Shown text={object.name} />
      </h3>
      <p class="quiet">{KINDS[object.kind]}</p>
      {object.reason && (
        <Note tone="bad" icon="warning">
          <p>
            <Shown text={object.reason} />
          </p>
        </Note>
      )}
      <dl class="facts">
        {object.action === 'create' &&
          Object.entries(object.properties)
            .filter(([, value]) => isSomething(value))
            .map(([name, value]) => (
              <Fragment key={name}>
                <dt>{name}</dt>
                <dd>
                  <Shown text={textOf(value)} />
                </dd>
              </Fragment>
            ))}
        {object.changes.map((change) => (
          <Fragment key={change.property}>
            <dt>{change.property}</dt>
            <dd class="change">
              <del>
                <Shown text={textOf(change.from)} />
              </del>{' '}
              <ins>
                <Shown text={textOf(change.to)} />
              </ins>
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

export function ConnectorPlanPanel({ directory, onClose }: { directory: string; onClose: () => void }) {
  const [plan, setPlan] = useState<ConnectorPlan | null>(null);
  const asking = useSending();
  const applying = useSending();
  useEffect(() => {
    void asking.send(async () => setPlan(await write<ConnectorPlan>('POST', '/connectors/plan', { directory })));
  }, [directory]);
  const apply = (id: string) =>
    void applying.send(async () => {
      await begin('/connectors/apply', { directory, plan: id });
      tell('The plan is being applied.');
      onClose();
    });
  const hasConflict = plan?.objects.some((each) => each.action === 'conflict') ?? false;
  return (
    <Dialog title={'Plan for ' + directory} onClose={onClose}>
      <div class="dialog-body" role="region" aria-label="The plan" tabIndex={0}>
        {asking.error && <Problem error={asking.error} />}
        {applying.error && <Problem error={applying.error} />}
        {plan === null && asking.busy && <Loading what="what is in Exchange" />}
        {plan?.fulfilled && (
          <Note tone="good" icon="check">
            <p>Nothing to do: everything is as it should be.</p>
          </Note>
        )}
        {plan?.objects.map((each) => <Planned key={each.role} object={each} />)}
        {plan !== null && plan.warnings.length > 0 && (
          <section class="stack">
            <h3>Know before you go on</h3>
            {plan.warnings.map((each) => (
              <Note key={each.text} tone="warn" icon="warning">
                <p>
                  <Shown text={each.text} />
                </p>
              </Note>
            ))}
          </section>
        )}
      </div>
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
        {may('admin') && plan !== null && !plan.fulfilled && (
          <button
            type="button"
            class="primary"
            disabled={applying.busy || hasConflict}
            onClick={() => apply(plan.id)}
          >
            Apply this plan
          </button>
        )}
      </footer>
    </Dialog>
  );
}
