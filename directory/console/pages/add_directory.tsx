// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { write } from '../api';
import { type Sending, useResource, useSending } from '../data';
import { Dialog, FormButtons } from '../parts/dialog';
import { tell } from '../parts/toast';
import { Choice, Field, Problem } from '../parts/ui';
import type { Organization } from '../types';
import { AuthorizeSteps, type Place } from './authorize_directory';
import {
  type CredentialDraft,
  CredentialFields,
  errorAt,
  FeatureFields,
  Frequency,
  PathField,
  type TargetsDraft,
  TargetFields,
  targetsOf,
} from './directory_fields';

const CLOUDS = [
  ['global', 'Microsoft 365 (global)'],
  ['us-gov-high', 'US Government GCC High'],
  ['us-gov-dod', 'US Government DoD'],
  ['china', 'China, operated by 21Vianet'],
] as const;

interface Draft extends CredentialDraft, TargetsDraft {
  type: 'office365' | 'csv';
  organization: string;
  name: string;
  every: string;
  path: string;
  tenant: string;
  client_id: string;
  cloud: string;
  features: string[];
}

const EMPTY: Draft = {
  type: 'office365',
  organization: '',
  name: 'Office 365',
  every: '1h',
  path: '',
  tenant: '',
  client_id: '',
  credential: 'secret_value',
  secret: '',
  cloud: 'global',
  features: ['sync'],
  targets: 'all',
  people: '',
  groups: '',
};

// What the API takes: the keys of a directory in directory.yaml.
function bodyOf(draft: Draft): object {
  const common = { organization: draft.organization, name: draft.name.trim(), type: draft.type };
  if (draft.type === 'csv') return { ...common, path: draft.path.trim(), sync: { every: draft.every } };
  return {
    ...common,
    tenant: draft.tenant.trim(),
    client_id: draft.client_id.trim(),
    credential: { [draft.credential]: draft.secret },
    cloud: draft.cloud,
    features: draft.features,
    sync: { every: draft.every, targets: targetsOf(draft) },
  };
}

interface PartProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  sending: Sending;
}

function TenantFields({ draft, change, sending }: PartProps) {
  return (
    <>
      <Field
        label="Tenant"
        hint="Directory (tenant) ID, or the initial domain: contoso.onmicrosoft.com"
        error={errorAt(sending, '/tenant')}
      >
        {(field) => (
          <input
            {...field}
            required
            spellcheck={false}
            autocomplete="off"
            value={draft.tenant}
            onInput={(event) => change({ tenant: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label="Application (client) ID"
        hint="Of the application that you have registered in this tenant."
        error={errorAt(sending, '/client_id')}
      >
        {(field) => (
          <input
            {...field}
            required
            spellcheck={false}
            autocomplete="off"
            value={draft.client_id}
            onInput={(event) => change({ client_id: event.currentTarget.value })}
          />
        )}
      </Field>
      <CredentialFields draft={draft} change={change} sending={sending} />
      <Field label="Cloud" error={errorAt(sending, '/cloud')}>
        {(field) => (
          <select {...field} value={draft.cloud} onChange={(event) => change({ cloud: event.currentTarget.value })}>
            {CLOUDS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

const PLACED = [
  '/name',
  '/organization',
  '/path',
  '/tenant',
  '/client_id',
  '/cloud',
  '/credential',
  '/credential/secret_value',
  '/credential/certificate_pem',
];

function DetailsForm({ onSaved, onClose }: { onSaved: (place: Place, type: Draft['type']) => void; onClose: () => void }) {
  const organizations = useResource<{ organizations: Organization[] }>('/organizations');
  const [draft, setDraft] = useState(EMPTY);
  const sending = useSending();
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const names = organizations.value?.organizations.map((each) => each.name) ?? [];
  useEffect(() => {
    if (draft.organization === '' && names[0]) change({ organization: names[0] });
  }, [organizations.value]);

  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const added = await write<{ organization: string; name: string }>('POST', '/directories', bodyOf(draft));
      onSaved(added, draft.type);
    });
  };
  const changeType = (type: Draft['type']) => {
    const isUntouched = draft.name === 'Office 365' || draft.name === 'People';
    change({ type, name: isUntouched ? (type === 'csv' ? 'People' : 'Office 365') : draft.name });
  };
  return (
    <form class="fill" onSubmit={submit}>
      <div class="dialog-body">
        {sending.error && !PLACED.includes(sending.pointer) && <Problem error={sending.error} />}
        <Choice
          label="Type"
          value={draft.type}
          choices={[
            { value: 'office365', label: 'Office 365', hint: 'a tenant, through Microsoft Graph' },
            { value: 'csv', label: 'CSV file', hint: 'on this machine' },
          ]}
          onChange={changeType}
        />
        {names.length > 1 && (
          <Field label="Organization" error={errorAt(sending, '/organization')}>
            {(field) => (
              <select
                {...field}
                value={draft.organization}
                onChange={(event) => change({ organization: event.currentTarget.value })}
              >
                {names.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label="Name" error={errorAt(sending, '/name')}>
          {(field) => (
            <input
              {...field}
              required
              autocomplete="off"
              value={draft.name}
              onInput={(event) => change({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <Frequency every={draft.every} onChange={(every) => change({ every })} />
        {draft.type === 'csv' ? (
          <PathField path={draft.path} sending={sending} onInput={(path) => change({ path })} />
        ) : (
          <>
            <TenantFields draft={draft} change={change} sending={sending} />
            <TargetFields draft={draft} change={change} sending={sending} />
            <FeatureFields features={draft.features} onChange={(features) => change({ features })} />
          </>
        )}
      </div>
      <FormButtons
        submit={draft.type === 'csv' ? 'Save' : 'Save and authorize'}
        busy={sending.busy || draft.organization === ''}
        onCancel={onClose}
      />
    </form>
  );
}

// Details, then consent, then the first sync. Whoever stops in between goes on from the table.
export function AddDirectory({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const [place, setPlace] = useState<Place | null>(null);
  const saved = (added: Place, type: Draft['type']) => {
    onAdded();
    tell(`${added.name} is added.`);
    if (type === 'csv') onClose();
    else setPlace(added);
  };
  return (
    <Dialog title={place ? 'Authorize ' + place.name : 'Add Directory'} onClose={onClose}>
      {place ? (
        <AuthorizeSteps place={place} onClose={onClose} close="Later" />
      ) : (
        <DetailsForm onSaved={saved} onClose={onClose} />
      )}
    </Dialog>
  );
}
