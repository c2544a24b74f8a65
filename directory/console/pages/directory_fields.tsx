// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { Sending } from '../data';
import { everyText } from '../parts/text';
import { Choice, Field } from '../parts/ui';
import type { SelectedTargets } from '../types';

const FREQUENCIES = [
  ['5m', 300],
  ['15m', 900],
  ['1h', 3600],
  ['6h', 21600],
  ['24h', 86400],
] as const;

// As the API takes it: seconds stay seconds if they are none of the usual.
export function everyOf(seconds: number): string {
  return FREQUENCIES.find(([, each]) => each === seconds)?.[0] ?? seconds + 's';
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

// What is wrong with the field at one of these places.
export function errorAt(sending: Sending, ...pointers: string[]): string | undefined {
  return pointers.includes(sending.pointer) ? sending.error?.message : undefined;
}

export function Frequency({ every, onChange }: { every: string; onChange: (every: string) => void }) {
  const isUsual = FREQUENCIES.some(([value]) => value === every);
  return (
    <Field label="Sync frequency">
      {(field) => (
        <select {...field} value={every} onChange={(event) => onChange(event.currentTarget.value)}>
          {!isUsual && <option value={every}>{everyText(Number.parseInt(every, 10))}</option>}
          {FREQUENCIES.map(([value, seconds]) => (
            <option key={value} value={value}>
              {everyText(seconds)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const FEATURES = [
  ['provision', 'Connectors: set up Exchange Online for the gateway'],
  ['posture', 'Posture: look daily at what is set up weakly in the tenant'],
  ['pull', 'Pulling messages: find, pull and restore what was delivered'],
] as const;

// What a directory is used for besides sync.
export function FeatureFields({ features, onChange }: { features: string[]; onChange: (features: string[]) => void }) {
  return (
    <fieldset class="checks">
      <legend>Besides sync</legend>
      {FEATURES.map(([feature, text]) => (
        <label key={feature}>
          <input
            type="checkbox"
            checked={features.includes(feature)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...features, feature] : features.filter((each) => each !== feature))
            }
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

export function PathField({ path, sending, onInput }: { path: string; sending: Sending; onInput: (path: string) => void }) {
  return (
    <Field
      label="File"
      hint="Its path below the folder of directory.yaml; the name ends in .csv"
      error={errorAt(sending, '/path')}
    >
      {(field) => (
        <input {...field} required spellcheck={false} value={path} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export interface CredentialDraft {
  credential: 'secret_value' | 'certificate_pem';
  secret: string;
}

interface PartProps<T> {
  draft: T;
  change: (part: Partial<T>) => void;
  sending: Sending;
}

export function CredentialFields({ draft, change, sending }: PartProps<CredentialDraft>) {
  return (
    <>
      <Choice
        label="Credential"
        value={draft.credential}
        choices={[
          { value: 'secret_value', label: 'Client secret' },
          { value: 'certificate_pem', label: 'Certificate' },
        ]}
        onChange={(credential) => change({ credential, secret: '' })}
      />
      {draft.credential === 'secret_value' ? (
        <Field
          label="Client secret"
          hint="Its value, not its ID. It is kept for the daemon alone and never shown again."
          error={errorAt(sending, '/credential', '/credential/secret_value')}
        >
          {(field) => (
            <input
              {...field}
              type="password"
              required
              autocomplete="off"
              value={draft.secret}
              onInput={(event) => change({ secret: event.currentTarget.value })}
            />
          )}
        </Field>
      ) : (
        <Field
          label="Private key and certificate"
          hint="Both in one text (PEM). It is kept for the daemon alone and never shown again."
          error={errorAt(sending, '/credential', '/credential/certificate_pem')}
        >
          {(field) => (
            <textarea
              {...field}
              class="code"
              required
              rows={6}
              spellcheck={false}
              autocomplete="off"
              value={draft.secret}
              onInput={(event) => change({ secret: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

export interface TargetsDraft {
  targets: 'all' | 'selected';
  people: string;
  groups: string;
}

export function targetsOf(draft: TargetsDraft): 'all' | SelectedTargets {
  return draft.targets === 'all' ? 'all' : { people: linesOf(draft.people), groups: linesOf(draft.groups) };
}

export function TargetFields({ draft, change, sending }: PartProps<TargetsDraft>) {
  return (
    <>
      <Choice
        label="Who is read"
        value={draft.targets}
        choices={[
          { value: 'all', label: 'Everybody', hint: 'and again by schedule' },
          { value: 'selected', label: 'Selected targets', hint: 'once' },
        ]}
        onChange={(targets) => change({ targets })}
      />
      {draft.targets === 'selected' && (
        <>
          <Field label="People" hint="Principal names, one a line; at most 100." error={errorAt(sending, '/sync')}>
            {(field) => (
              <textarea
                {...field}
                rows={4}
                spellcheck={false}
                value={draft.people}
                onInput={(event) => change({ people: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Groups" hint="How their names begin, one a line, three characters or more.">
            {(field) => (
              <textarea
                {...field}
                rows={3}
                spellcheck={false}
                value={draft.groups}
                onInput={(event) => change({ groups: event.currentTarget.value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}
