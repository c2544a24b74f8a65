// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { query, write } from '../api';
import { useResource, useSending } from '../data';
import { Dialog } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Shown } from '../parts/text';
import { tell } from '../parts/toast';
import { Note, Problem, Ready, Tag } from '../parts/ui';
import type { Requirements } from '../types';

export type Step = 'enable-inbound' | 'lock' | 'unlock' | 'enable-outbound' | 'disable-outbound';

const STEPS: Record<Step, { title: string; text: string; action: string; done: string; dangerous: boolean }> = {
  'enable-inbound': {
    title: 'Enable the inbound connector',
    text: 'Mail from the gateway comes in through the connector, with TLS alone. Other mail comes in as before.',
    action: 'Enable inbound',
    done: 'The inbound connector is enabled.',
    dangerous: false,
  },
  lock: {
    title: 'Lock',
    text: 'Exchange rejects all mail from the Internet that does not come through the gateway, also that of devices and services which send to the tenant directly.',
    action: 'Lock',
    done: 'Locked: mail comes in through the gateway alone.',
    dangerous: true,
  },
  unlock: {
    title: 'Unlock',
    text: 'Exchange takes mail from everywhere again, past the gateway.',
    action: 'Unlock',
    done: 'Unlocked: mail may come in from everywhere.',
    dangerous: true,
  },
  'enable-outbound': {
    title: 'Enable the outbound connector',
    text: 'All mail of the tenant leaves through the gateway. A rule marks it, so that the gateway relays for this tenant alone.',
    action: 'Enable outbound',
    done: 'The tenant’s mail leaves through the gateway.',
    dangerous: true,
  },
  'disable-outbound': {
    title: 'Disable the outbound connector',
    text: 'Mail of the tenant leaves directly again.',
    action: 'Disable outbound',
    done: 'The tenant’s mail leaves directly.',
    dangerous: false,
  },
};

export function StepPanel({ directory, step, onClose }: { directory: string; step: Step; onClose: () => void }) {
  const { title, text, action, done, dangerous } = STEPS[step];
  const required = useResource<Requirements>('/connectors/requirements' + query({ directory, step }));
  const sending = useSending();
  const take = () =>
    void sending.send(async () => {
      await write('POST', '/connectors/' + step, { directory });
      tell(done);
      onClose();
    });
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="dialog-body">
        <Note tone={dangerous ? 'warn' : 'info'} {...(dangerous ? { icon: 'warning' as const } : {})}>
          <p>{text}</p>
        </Note>
        {sending.error && <Problem error={sending.error} />}
        <Ready of={required} what="what must hold before">
          {({ requirements }) => (
            <ul class="stack plain-list">
              {requirements.map((each) => (
                <li key={each.what + each.subject} class="wrap-anywhere">
                  <Tag tone={each.met ? 'good' : 'bad'} icon={each.met ? 'check' : 'cross'}>
                    {each.met ? 'holds' : 'missing'}
                  </Tag>{' '}
                  <Shown text={each.text} />
                </li>
              ))}
            </ul>
          )}
        </Ready>
      </div>
      <footer>
        <button type="button" onClick={required.reload}>
          <Icon name="sync" />
          Check again
        </button>
        <button
          type="button"
          class={dangerous ? 'danger' : 'primary'}
          disabled={sending.busy || !required.value?.met}
          onClick={take}
        >
          {action}
        </button>
      </footer>
    </Dialog>
  );
}
