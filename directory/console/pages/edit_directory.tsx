// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ApiError, begin, path, write } from '../api';
import { useResource, useSending } from '../data';
import { Dialog, FormButtons } from '../parts/dialog';
import { Shown } from '../parts/text';
import { tell } from '../parts/toast';
import { Field, Note, Problem, Ready } from '../parts/ui';
import type { Directory, DirectorySettings } from '../types';
import {
  type CredentialDraft,
  CredentialFields,
  everyOf,
  FeatureFields,
  Frequency,
  PathField,
  type TargetsDraft,
  TargetFields,
  targetsOf,
} from './directory_fields';

interface Draft extends CredentialDraft, TargetsDraft {
  every: string;
  path: string;
  maxShrink: string;
  isNewCredential: boolean;
  features: string[];
}

function draftOf(settings: DirectorySettings): Draft {
  const { targets } = settings;
  return {
    every: everyOf(settings.every_seconds),
    path: settings.path ?? '',
    maxShrink: String(settings.max_shrink),
    isNewCredential: false,
    features: settings.features ?? [],
    credential: settings.credential === 'certificate' ? 'certificate_pem' : 'secret_value',
    secret: '',
    targets: targets === 'all' ? 'all' : 'selected',
    people: targets === 'all' ? '' : targets.people.join('\n'),
    groups: targets === 'all' ? '' : targets.groups.join('\n'),
  };
}

function hasOtherTargets(draft: Draft, settings: DirectorySettings): boolean {
  return settings.type === 'office365' && JSON.stringify(targetsOf(draft)) !== JSON.stringify(settings.targets);
}

function hasOtherFeatures(draft: Draft, settings: DirectorySettings): boolean {
  return [...draft.features].sort().join() !== [...(settings.features ?? [])].sort().join();
}

// What has changed, as the API takes it.
function changeOf(draft: Draft, settings: DirectorySettings): object {
  const sync: Record<string, unknown> = {};
  if (draft.every !== everyOf(settings.every_seconds)) sync.every = draft.every;
  if (Number(draft.maxShrink) !== settings.max_shrink) sync.max_shrink = draft.maxShrink + '%';
  if (hasOtherTargets(draft, settings)) sync.targets = targetsOf(draft);
  return {
    ...(Object.keys(sync).length > 0 ? { sync } : {}),
    ...(settings.type === 'csv' && draft.path.trim() !== settings.path ? { path: draft.path.trim() } : {}),
    ...(hasOtherFeatures(draft, settings) ? { features: draft.features } : {}),
    ...(draft.isNewCredential ? { credential: { [draft.credential]: draft.secret } } : {}),
  };
}

const PLACED = ['/path', '/credential', '/credential/secret_value', '/credential/certificate_pem'];

interface FormProps {
  settings: DirectorySettings;
  tag: string;
  reload: () => void;
  onSaved: () => void;
  onClose: () => void;
}

function SettingsForm({ settings, tag, reload, onSaved, onClose }: FormProps) {
  const [draft, setDraft] = useState(() => draftOf(settings));
  const sending = useSending();
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const address = path('directories', settings.organization, settings.name);
  const isStale = sending.error instanceof ApiError && sending.error.status === 412;
  const readsAnew = hasOtherTargets(draft, settings);
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      await write('PATCH', address, changeOf(draft, settings), tag);
      // Other people are asked for: whoever changes that wants them read.
      if (readsAnew) await begin(address + '/provision');
      tell(`${settings.name} is saved${readsAnew ? ', and is being read' : ''}.`);
      onSaved();
    });
  };
  return (
    <form class="fill" onSubmit={submit}>
      <div class="dialog-body">
        {isStale && (
          <Note tone="warn" icon="warning">
            <p>Somebody else has changed it since you opened this.</p>
            <button type="button" onClick={reload}>
              Show what is there now
            </button>
          </Note>
        )}
        {sending.error && !isStale && !PLACED.includes(sending.pointer) && <Problem error={sending.error} />}
        <dl class="facts">
          {settings.tenant !== undefined && (
            <>
              <dt>Tenant</dt>
              <dd>
                <Shown text={settings.tenant} />
              </dd>
              <dt>Application</dt>
              <dd>
                <Shown text={settings.client_id} />
              </dd>
            </>
          )}
        </dl>
        {settings.type === 'csv' && (
          <PathField path={draft.path} sending={sending} onInput={(file) => change({ path: file })} />
        )}
        <Frequency every={draft.every} onChange={(every) => change({ every })} />
        <Field
          label="May shrink by (per cent)"
          hint="If a sync finds more people gone than this, it waits until somebody accepts it."
        >
          {(field) => (
            <input
              {...field}
              type="number"
              required
              min="0"
              max="100"
              value={draft.maxShrink}
              onInput={(event) => change({ maxShrink: event.currentTarget.value })}
            />
          )}
        </Field>
        {settings.type === 'office365' && (
          <>
            <TargetFields draft={draft} change={change} sending={sending} />
            <FeatureFields features={draft.features} onChange={(features) => change({ features })} />
            {hasOtherFeatures(draft, settings) && (
              <Note>Authorize the directory again once it is saved: each feature takes permissions of its own.</Note>
            )}
            {readsAnew && <Note>The directory is read once it is saved: other people may be in it then.</Note>}
            {draft.isNewCredential ? (
              <CredentialFields draft={draft} change={change} sending={sending} />
            ) : (
              <div class="field">
                <span class="label">Credential</span>
                <p class="with-button">
                  <span class="quiet">A {settings.credential === 'certificate' ? 'certificate' : 'client secret'} that is not shown</span>
                  <button type="button" onClick={() => change({ isNewCredential: true })}>
                    Replace
                  </button>
                </p>
              </div>
            )}
          </>
        )}
      </div>
      <FormButtons submit="Save" busy={sending.busy} onCancel={onClose} />
    </form>
  );
}

export function EditDirectory({ directory, onClose, onSaved }: {
  directory: Directory;
  onClose: () => void;
  onSaved: () => void;
}) {
  const settings = useResource<DirectorySettings>(path('directories', directory.organization, directory.name));
  return (
    <Dialog title={'Edit ' + directory.name} onClose={onClose}>
      {settings.value ? (
        <SettingsForm
          key={settings.tag}
          settings={settings.value}
          tag={settings.tag}
          reload={settings.reload}
          onSaved={onSaved}
          onClose={onClose}
        />
      ) : (
        <div class="dialog-body">
          <Ready of={settings} what="the directory">
            {() => null}
          </Ready>
        </div>
      )}
    </Dialog>
  );
}
