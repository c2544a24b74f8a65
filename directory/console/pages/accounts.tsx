// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, path, session, write } from '../api';
import { useResource, useSending } from '../data';
import { confirm, Dialog, FormButtons } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Menu } from '../parts/menu';
import { Shown, Time } from '../parts/text';
import { attempt, tell } from '../parts/toast';
import { Choice, Field, Page, Problem, Ready, Table, Tag } from '../parts/ui';
import { useStore } from '../store';
import type { Account, Organization, Role } from '../types';
import { ROLES, scopeText } from './roles';
import { TokenTable } from './tokens';

// Null means every organization, those to come too.
function OrganizationChoice({ value, onChange }: { value: string[] | null; onChange: (value: string[] | null) => void }) {
  const known = useResource<{ organizations: Organization[] }>('/organizations');
  const names = known.value?.organizations.map((each) => each.name) ?? [];
  const toggle = (name: string, on: boolean) =>
    onChange(on ? [...(value ?? []), name] : (value ?? []).filter((each) => each !== name));
  return (
    <>
      <Choice
        label="Organizations"
        value={value === null ? 'all' : 'some'}
        choices={[
          { value: 'all', label: 'All' },
          { value: 'some', label: 'Only some' },
        ]}
        onChange={(which) => onChange(which === 'all' ? null : [])}
      />
      {value !== null && (
        <fieldset class="checks">
          <legend class="unseen">Which organizations</legend>
          {names.map((name) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={value.includes(name)}
                onChange={(event) => toggle(name, event.currentTarget.checked)}
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

function PasswordField({ label, value, onChange, error, present = false }: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  present?: boolean;
}) {
  return (
    <Field label={label} hint={present ? undefined : 'At least 12 characters; a few words are good.'} error={error}>
      {(field) => (
        <input
          {...field}
          type="password"
          autocomplete={present ? 'current-password' : 'new-password'}
          required
          minLength={present ? 1 : 12}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function AccountForm({ account, onClose, onSaved }: { account: Account | null; onClose: () => void; onSaved: () => void }) {
  const [name, setName] = useState('');
  const [shown, setShown] = useState(account?.display_name ?? '');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>(account?.role ?? 'viewer');
  const [organizations, setOrganizations] = useState(account ? account.organizations : null);
  const sending = useSending();
  const at = (pointer: string) => (sending.pointer === pointer ? sending.error?.message : undefined);
  const isPlaced = ['/name', '/password', '/display_name'].includes(sending.pointer);
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const common = { display_name: shown, role };
      if (account) {
        const body = { ...common, organizations };
        await write('PATCH', path('accounts', account.name), body, `"${account.version}"`);
      } else {
        const scope = organizations === null ? {} : { organizations };
        await write('POST', '/accounts', { ...common, ...scope, name, password });
      }
      tell(`${account?.name ?? name} is saved.`);
      onSaved();
    });
  };
  return (
    <Dialog title={account ? 'Change ' + account.name : 'Add an account'} onClose={onClose}>
      <form class="fill" onSubmit={submit}>
        <div class="dialog-body">
          {sending.error && !isPlaced && <Problem error={sending.error} />}
          {!account && (
            <Field label="Account" hint="What they sign in with. An e-mail address will do." error={at('/name')}>
              {(field) => (
                <input
                  {...field}
                  required
                  autocomplete="off"
                  autocapitalize="none"
                  spellcheck={false}
                  value={name}
                  onInput={(event) => setName(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          <Field label="Name" hint="May be left out." error={at('/display_name')}>
            {(field) => (
              <input {...field} autocomplete="off" value={shown} onInput={(event) => setShown(event.currentTarget.value)} />
            )}
          </Field>
          {!account && (
            <PasswordField label="Password" value={password} onChange={setPassword} error={at('/password')} />
          )}
          <Choice label="Role" value={role} choices={ROLES} onChange={setRole} />
          <OrganizationChoice value={organizations} onChange={setOrganizations} />
        </div>
        <FormButtons submit="Save" busy={sending.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function PasswordForm({ account, onClose }: { account: string; onClose: () => void }) {
  const isOwn = session.get()?.account === account;
  const [present, setPresent] = useState('');
  const [password, setPassword] = useState('');
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const body = isOwn ? { present, password } : { password };
      await write('PUT', path('accounts', account, 'password'), body);
      tell(`The password of ${account} is changed.`);
      onClose();
    });
  };
  return (
    <Dialog kind="box" title={'Password of ' + account} onClose={onClose}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          {isOwn && <PasswordField label="Present password" present value={present} onChange={setPresent} />}
          <PasswordField label="New password" value={password} onChange={setPassword} error={sending.error?.message} />
        </div>
        <FormButtons submit="Change" busy={sending.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function AccountRow({ account, reload, edit, setPassword }: {
  account: Account;
  reload: () => void;
  edit: () => void;
  setPassword: () => void;
}) {
  const isOwn = useStore(session)?.account === account.name;
  const address = path('accounts', account.name);
  const setDisabled = async (disabled: boolean, version: number) => {
    const changed = await write<Account>('PATCH', address, { disabled }, `"${version}"`);
    reload();
    return changed.version;
  };
  const toggle = () =>
    void attempt(async () => {
      const disabled = !account.disabled;
      const version = await setDisabled(disabled, account.version);
      tell(`${account.name} is ${disabled ? 'disabled and signed out' : 'enabled'}.`, async () => {
        await setDisabled(!disabled, version);
      });
    });
  const endSessions = () =>
    confirm({
      title: `Sign ${account.name} out everywhere?`,
      text: 'They can sign in again.',
      action: 'Sign out',
      work: async () => {
        await write('DELETE', address + '/sessions');
        tell(`${account.name} is signed out everywhere.`);
      },
    });
  const remove = () =>
    confirm({
      title: `Remove ${account.name}?`,
      text: 'Their sessions and tokens end. This cannot be undone; an account can also be disabled.',
      action: 'Remove the account',
      dangerous: true,
      work: async () => {
        await write('DELETE', address);
        tell(`${account.name} is removed.`);
        reload();
      },
    });
  return (
    <tr>
      <th scope="row">
        <span class="with-icon">
          <Icon name="person" />
          <span>
            <Shown text={account.display_name || account.name} /> {isOwn && <Tag tone="info">you</Tag>}{' '}
            {account.disabled && <Tag tone="warn">disabled</Tag>}
            {account.display_name && <small class="block quiet">{account.name}</small>}
          </span>
        </span>
      </th>
      <td>{account.role}</td>
      <td class="wide-only">{scopeText(account.organizations)}</td>
      <td class="wide-only">
        <Time at={account.last_sign_in} />
      </td>
      <td class="row-actions">
        <Menu
          label={'Actions for ' + account.name}
          items={[
            { label: 'Change …', icon: 'person', act: edit },
            { label: 'Set the password …', icon: 'permissions', act: setPassword },
            { label: 'Sign out everywhere …', icon: 'out', act: endSessions },
            !isOwn && { label: account.disabled ? 'Enable' : 'Disable', icon: account.disabled ? 'check' : 'cross', act: toggle },
            !isOwn && { label: 'Remove …', icon: 'close', dangerous: true, act: remove },
          ]}
        />
      </td>
    </tr>
  );
}

function AccountTable() {
  const list = useResource<{ accounts: Account[] }>('/accounts');
  const [editing, setEditing] = useState<Account | 'new' | null>(null);
  const [password, setPassword] = useState<string | null>(null);
  return (
    <section class="stack">
      <div class="spread">
        <h2>Accounts</h2>
        <button type="button" class="primary" onClick={() => setEditing('new')}>
          <Icon name="plus" />
          Add an account
        </button>
      </div>
      <Ready of={list} what="accounts">
        {({ accounts }) => (
          <Table caption="Accounts">
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Role</th>
                <th scope="col" class="wide-only">Organizations</th>
                <th scope="col" class="wide-only">Last sign-in</th>
                <th scope="col"><span class="unseen">Actions</span></th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <AccountRow
                  key={account.name}
                  account={account}
                  reload={list.reload}
                  edit={() => setEditing(account)}
                  setPassword={() => setPassword(account.name)}
                />
              ))}
            </tbody>
          </Table>
        )}
      </Ready>
      {editing && (
        <AccountForm
          account={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            list.reload();
          }}
        />
      )}
      {password && <PasswordForm account={password} onClose={() => setPassword(null)} />}
    </section>
  );
}

function OwnAccount() {
  const present = useStore(session);
  const [changing, setChanging] = useState(false);
  if (!present) return null;
  return (
    <section class="card spread">
      <div>
        <strong>{present.display_name || present.account}</strong>
        <small class="block quiet">
          {present.role} of {scopeText(present.organizations)}
        </small>
      </div>
      <button type="button" onClick={() => setChanging(true)}>
        Change my password …
      </button>
      {changing && <PasswordForm account={present.account} onClose={() => setChanging(false)} />}
    </section>
  );
}

export function Accounts() {
  return (
    <Page title="Accounts and tokens" intro="Who may use this console and the API.">
      <div class="stack wide-gap">
        <OwnAccount />
        {may('admin') && <AccountTable />}
        <TokenTable />
      </div>
    </Page>
  );
}
