// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { begin, path, query, read, write } from '../api';
import { asError, useSending } from '../data';
import { Copyable, Dialog } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Shown } from '../parts/text';
import { Loading, Note, Problem } from '../parts/ui';
import type { DirectoryPermissions } from '../types';

export interface Place {
  organization: string;
  name: string;
}

// Asks Microsoft what is granted, at once and whenever somebody comes back to this window.
function useGranted(place: Place) {
  const [state, setState] = useState<DirectoryPermissions | null>(null);
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    try {
      const name = place.organization + '/' + place.name;
      const found = await read<{ directories: DirectoryPermissions[] }>('/permissions' + query({ directory: name }));
      setState(found.directories[0] ?? null);
    } catch (thrown) {
      setState({ organization: '', directory: '', failure: asError(thrown).message, permissions: [] });
    }
    setBusy(false);
  };
  useEffect(() => {
    const look = () => void check();
    look();
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [place.organization, place.name]);
  return { state, busy, check };
}

function GrantedList({ state }: { state: DirectoryPermissions }) {
  return (
    <ul class="granted">
      {state.permissions.map((each) => (
        <li key={each.permission + each.feature} class={each.granted ? 'yes' : 'no'}>
          <Icon name={each.granted ? 'check' : 'cross'} />
          <span>
            <strong>{each.permission}</strong> {each.granted ? 'granted' : 'not granted'}
            <small>{each.purpose}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

// Consent of an administrator of the tenant, and what came of it. Also a step of adding a directory.
export function AuthorizeSteps({ place, onClose, close }: { place: Place; onClose: () => void; close: string }) {
  const [url, setUrl] = useState('');
  const asking = useSending();
  const starting = useSending();
  const { state, busy, check } = useGranted(place);
  const address = path('directories', place.organization, place.name);
  useEffect(() => {
    void asking.send(async () => setUrl((await write<{ url: string }>('POST', address + '/authorization')).url));
  }, [address]);
  // What other features need can be granted later: they say so themselves.
  const missing = state?.permissions.filter((each) => !each.granted) ?? [];
  const isGranted =
    state !== null && state.failure === '' && !missing.some((each) => each.feature === 'sync');
  const sync = () =>
    void starting
      .send(async () => void (await begin(address + '/sync')))
      .then((done) => done && onClose());
  return (
    <>
      <div class="dialog-body">
        <p>
          An administrator of the tenant consents on Microsoft’s page and comes back here. The link is good for an hour,
          and once.
        </p>
        {asking.error && <Problem error={asking.error} />}
        {url && (
          <>
            <p>
              <a class="button primary" href={url} target="_blank" rel="noreferrer">
                Authorize
                <Icon name="external" />
                <span class="unseen">opens Microsoft’s page in a new tab</span>
              </a>
            </p>
            <details>
              <summary>Somebody else is the administrator?</summary>
              <p class="hint">Send them this link:</p>
              <Copyable text={url} label="the link" block />
            </details>
          </>
        )}
        <section class="stack">
          <div class="spread">
            <h3>What is granted</h3>
            <button type="button" disabled={busy} onClick={() => void check()}>
              <Icon name="sync" />
              Check
            </button>
          </div>
          {state === null && <Loading what="the permissions" />}
          {state?.failure && (
            <Note tone="warn" icon="warning">
              <p>
                <Shown text={state.failure} />
              </p>
            </Note>
          )}
          {state && <GrantedList state={state} />}
          {isGranted && missing.length > 0 && (
            <Note tone="warn" icon="warning">
              <p>Not everything is granted. What takes the missing permissions will say that it was not done.</p>
            </Note>
          )}
          {isGranted && (
            <Note tone="good" icon="check">
              <p>Authorized. The first sync reads everybody; it may take some minutes.</p>
            </Note>
          )}
        </section>
        {starting.error && <Problem error={starting.error} />}
      </div>
      <footer>
        <button type="button" onClick={onClose}>
          {close}
        </button>
        <button type="button" class="primary" disabled={!isGranted || starting.busy} onClick={sync}>
          Start the sync
        </button>
      </footer>
    </>
  );
}

export function AuthorizeDirectory({ directory, onClose }: { directory: Place; onClose: () => void }) {
  return (
    <Dialog title={'Authorize ' + directory.name} onClose={onClose}>
      <AuthorizeSteps place={directory} onClose={onClose} close="Close" />
    </Dialog>
  );
}
