// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { session, write } from '../api';
import { useSending } from '../data';
import { Icon } from '../parts/icons';
import { Field, Problem } from '../parts/ui';
import { navigate } from '../router';
import type { Session } from '../types';

function Door({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = title + ' · fromguard';
  }, [title]);
  return (
    <main class="door">
      <div class="card">
        <p class="brand">
          <Icon name="shield" />
          fromguard
        </p>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function SignIn() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => session.set(await write<Session>('POST', '/session', { name, password })));
  };
  return (
    <Door title="Sign in">
      <form onSubmit={submit}>
        {sending.error && <Problem error={sending.error} />}
        <Field label="Account">
          {(field) => (
            <input
              {...field}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              autofocus
              required
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(field) => (
            <input
              {...field}
              type="password"
              autocomplete="current-password"
              required
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="primary wide" disabled={sending.busy}>
          {sending.busy ? 'Signing in …' : 'Sign in'}
        </button>
      </form>
      <p class="hint">
        No account yet? On the machine itself, <code>fromguard-directory setup-link</code> prints the link that makes
        the first one.
      </p>
    </Door>
  );
}

// The one-time secret is behind the #: browsers keep it to themselves.
export function SetUp() {
  const [secret] = useState(location.hash.slice(1));
  const [name, setName] = useState('');
  const [shown, setShown] = useState('');
  const [password, setPassword] = useState('');
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const made = await write<Session>('POST', '/setup', { secret, name, display_name: shown, password });
      navigate('/', true);
      session.set(made);
    });
  };
  const error = (pointer: string) => (sending.pointer === pointer ? sending.error?.message : undefined);
  const isPlaced = ['/name', '/password', '/display_name'].includes(sending.pointer);
  return (
    <Door title="Make the first account">
      <p>It may do everything, in every organization. You can add others later, with fewer rights.</p>
      <form onSubmit={submit}>
        {sending.error && !isPlaced && <Problem error={sending.error} />}
        <Field label="Account" hint="What you sign in with. An e-mail address will do." error={error('/name')}>
          {(field) => (
            <input
              {...field}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              autofocus
              required
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Your name" hint="May be left out." error={error('/display_name')}>
          {(field) => (
            <input
              {...field}
              autocomplete="name"
              value={shown}
              onInput={(event) => setShown(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Password" hint="At least 12 characters; a few words are good." error={error('/password')}>
          {(field) => (
            <input
              {...field}
              type="password"
              autocomplete="new-password"
              required
              minLength={12}
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="primary wide" disabled={sending.busy}>
          {sending.busy ? 'Making it …' : 'Make the account'}
        </button>
      </form>
    </Door>
  );
}
