// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ask, path, session, write } from '../api';
import { useResource, useSending } from '../data';
import { confirm, Copyable, Dialog, FormButtons } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Shown, Time } from '../parts/text';
import { tell } from '../parts/toast';
import { Choice, Empty, Field, Note, Problem, Ready, Table } from '../parts/ui';
import type { Token } from '../types';
import { ROLES, scopeText } from './roles';

const SCOPES: { value: Token['scope']; label: string; hint: string }[] = [
  { value: 'read', label: 'Read', hint: 'as a viewer' },
  { value: 'operate', label: 'Operate', hint: 'as an operator' },
  { value: 'admin', label: 'Admin', hint: 'as an admin' },
];

const DAY = 86400;
const PERIODS = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
  ['0', 'never'],
] as const;

function TokenForm({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const role = session.get()?.role ?? 'viewer';
  const allowed = SCOPES.slice(0, ROLES.findIndex((each) => each.value === role) + 1);
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Token['scope']>('read');
  const [days, setDays] = useState('90');
  const [secret, setSecret] = useState('');
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const end = days === '0' ? {} : { expires: Math.floor(Date.now() / 1000) + Number(days) * DAY };
      const made = await ask<Token & { secret: string }>('POST', '/tokens', { body: { name, scope, ...end } });
      setSecret(made.body.secret);
      onMade();
    });
  };
  if (secret) {
    return (
      <Dialog kind="box" title={'Token ' + name} onClose={onClose}>
        <div class="dialog-body">
          <Note tone="warn" icon="warning">
            <p>Take it along now: it is not shown again.</p>
          </Note>
          <Copyable text={secret} label="the token" />
          <p class="hint">
            Programs send it as <code>Authorization: Bearer</code>.
          </p>
        </div>
        <footer>
          <button type="button" class="primary" onClick={onClose}>
            Done
          </button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog kind="box" title="Make a token" onClose={onClose}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          {sending.error && <Problem error={sending.error} />}
          <Field label="Name" hint="What it is for.">
            {(field) => (
              <input
                {...field}
                required
                autocomplete="off"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <Choice label="Scope" value={scope} choices={allowed} onChange={setScope} />
          <Field label="Expires in">
            {(field) => (
              <select {...field} value={days} onChange={(event) => setDays(event.currentTarget.value)}>
                {PERIODS.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <FormButtons submit="Make the token" busy={sending.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

export function TokenTable() {
  const list = useResource<{ tokens: Token[] }>('/tokens');
  const [making, setMaking] = useState(false);
  const revoke = (token: Token) =>
    confirm({
      title: `Revoke ${token.name}?`,
      text: 'Programs that use it are refused from now on. This cannot be undone.',
      action: 'Revoke',
      dangerous: true,
      work: async () => {
        await write('DELETE', path('tokens', token.id));
        tell(`${token.name} is revoked.`);
        list.reload();
      },
    });
  return (
    <section class="stack">
      <div class="spread">
        <h2>API tokens</h2>
        <button type="button" onClick={() => setMaking(true)}>
          <Icon name="plus" />
          Make a token
        </button>
      </div>
      <Ready of={list} what="tokens">
        {({ tokens }) =>
          tokens.length === 0 ? (
            <Empty icon="permissions" title="No token">
              <p>A program that uses the API shows a token in place of a password.</p>
            </Empty>
          ) : (
            <Table caption="API tokens">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Scope</th>
                  <th scope="col" class="wide-only">Account</th>
                  <th scope="col" class="wide-only">Expires</th>
                  <th scope="col" class="wide-only">Last used</th>
                  <th scope="col"><span class="unseen">Actions</span></th>
                </tr>
              </thead>
              <tbody>
                {tokens.map((token) => (
                  <tr key={token.id}>
                    <th scope="row">
                      <Shown text={token.name} />
                    </th>
                    <td>
                      {token.scope}
                      <small class="block quiet">{scopeText(token.organizations)}</small>
                    </td>
                    <td class="wide-only">{token.account}</td>
                    <td class="wide-only">
                      <Time at={token.expires} />
                    </td>
                    <td class="wide-only">
                      <Time at={token.last_used} />
                    </td>
                    <td class="row-actions">
                      <button type="button" aria-label={'Revoke ' + token.name} onClick={() => revoke(token)}>
                        Revoke …
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </Table>
          )
        }
      </Ready>
      {making && <TokenForm onClose={() => setMaking(false)} onMade={list.reload} />}
    </section>
  );
}
