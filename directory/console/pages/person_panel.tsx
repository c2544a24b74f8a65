// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { ApiError, ask, may, path } from '../api';
import { type Resource, useResource, useSending } from '../data';
import { Dialog } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Marker } from '../parts/markers';
import { plural, Shown } from '../parts/text';
import { tell } from '../parts/toast';
import { Field, Note, Problem, Ready, Tag } from '../parts/ui';
import type { Person, SecondaryEmails, Warning } from '../types';
import { linesOf } from './directory_fields';
import { useSeenAddresses } from './suggestions';

type PersonWarning = Pick<Warning, 'what' | 'text'>;

export interface PersonPlace {
  organization: string;
  directory: string;
  id: string;
}

const ADDRESS_POINTER = /^\/addresses\/(\d+)$/;

// The line of the text that an address of the list is on, counted from 1.
function lineOf(text: string, index: number): number {
  let seen = -1;
  const lines = text.split('\n');
  for (const [number, line] of lines.entries()) {
    if (line.trim() !== '' && ++seen === index) return number + 1;
  }
  return lines.length;
}

function messageOf(error: Error | null, pointer: string, text: string): string | undefined {
  if (!error) return undefined;
  const at = ADDRESS_POINTER.exec(pointer);
  // The daemon counts the addresses that were sent; the reader counts lines, empty ones too.
  return at ? `Line ${lineOf(text, Number(at[1]))}: ${error.message.replace(/^line \d+: /, '')}` : error.message;
}

interface FormProps {
  person: Person;
  warnings: PersonWarning[];
  emails: Resource<SecondaryEmails>;
  onClose: () => void;
  onSaved: () => void;
}

function SecondaryEmailsForm({ person, warnings, emails, onClose, onSaved }: FormProps) {
  const [text, setText] = useState('');
  const sending = useSending();
  useEffect(() => {
    if (emails.value) setText(emails.value.added.join('\n'));
  }, [emails.value]);
  const isStale = sending.error instanceof ApiError && sending.error.status === 412;
  const suggestions = person.suggestions.filter(
    (each) => !linesOf(text).includes(each) && !person.addresses.includes(each) && !emails.value?.declared.includes(each),
  );
  const seen = useSeenAddresses(person.organization, person.name).filter(
    (each) => !linesOf(text).includes(each.address) && !person.addresses.includes(each.address),
  );
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const address = path('people', person.organization, person.directory, person.id, 'secondary-emails');
      await ask('PUT', address, { body: { addresses: linesOf(text) }, ifMatch: emails.tag });
      tell(`The secondary emails of ${person.name} are saved.`);
      onSaved();
    });
  };
  return (
    <form class="fill" onSubmit={submit}>
      <div class="dialog-body">
        <PersonFacts person={person} warnings={warnings} />
        <section class="stack">
          <h3>Secondary Emails</h3>
          {isStale && (
            <Note tone="warn" icon="warning">
              <p>Somebody else has changed them since you opened this.</p>
              <button type="button" onClick={() => { sending.clear(); emails.reload(); }}>
                Show what is there now
              </button>
            </Note>
          )}
          {emails.value && emails.value.declared.length > 0 && (
            <p class="hint">
              In directory.yaml: {emails.value.declared.join(', ')}
            </p>
          )}
          <Field
            label="Addresses that this person may also send from"
            hint="One a line. A private address, say."
            error={isStale ? undefined : messageOf(sending.error, sending.pointer, text)}
          >
            {(field) => (
              <textarea
                {...field}
                rows={5}
                spellcheck={false}
                autocapitalize="none"
                readOnly={!may('operator') || !emails.value}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
          {suggestions.length > 0 && may('operator') && (
            <div class="suggestions" role="group" aria-label="Suggestions">
              <span class="quiet">Known to the directory:</span>
              {suggestions.map((each) => (
                <button
                  key={each}
                  type="button"
                  onClick={() => setText((old) => [...linesOf(old), each].join('\n'))}
                >
                  <Icon name="plus" />
                  <Shown text={each} />
                </button>
              ))}
            </div>
          )}
          {seen.length > 0 && may('operator') && (
            <div class="suggestions" role="group" aria-label="Seen in detections">
              <span class="quiet">Seen in detections, and authenticated. Ask the person before you add one:</span>
              {seen.map((each) => (
                <button
                  key={each.address}
                  type="button"
                  onClick={() => setText((old) => [...linesOf(old), each.address].join('\n'))}
                >
                  <Icon name="plus" />
                  <Shown text={each.address} />
                  <small class="quiet">{plural(each.times, 'message')}</small>
                </button>
              ))}
            </div>
          )}
        </section>
      </div>
      <footer>
        <button type="button" onClick={onClose}>
          {may('operator') ? 'Cancel' : 'Close'}
        </button>
        {may('operator') && (
          <button type="submit" class="primary" disabled={sending.busy || !emails.value}>
            Save
          </button>
        )}
      </footer>
    </form>
  );
}

function PersonFacts({ person, warnings }: { person: Person; warnings: PersonWarning[] }) {
  const parts = [person.given_name, person.surname].filter(Boolean).join(' ');
  return (
    <>
      <div class="markers">
        <Marker protection={person.protection} />
        {!person.protection.protected && <Tag>Not protected</Tag>}
        {!person.enabled && <Tag tone="warn">Sign-in blocked</Tag>}
        {person.user_type === 'Guest' && <Tag tone="warn">Guest</Tag>}
      </div>
      {warnings.map((each) => (
        <Note key={each.what} tone="warn" icon="warning">
          <p class="sentence">{each.text}</p>
        </Note>
      ))}
      <dl class="facts">
        <dt>Names</dt>
        <dd>
          <Shown text={person.name} />
          {parts !== '' && parts !== person.name && (
            <small class="block">
              <Shown text={parts} />
            </small>
          )}
        </dd>
        <dt>Principal name</dt>
        <dd>
          <Shown text={person.user_principal_name} empty="none" />
        </dd>
        <dt>Configured addresses</dt>
        <dd>
          <ul class="plain-list">
            {person.addresses.map((each) => (
              <li key={each}>
                <Shown text={each} />
              </li>
            ))}
          </ul>
        </dd>
        <dt>Groups</dt>
        <dd>
          {person.groups.length === 0 && <span class="quiet">none</span>}
          <details>
            <summary hidden={person.groups.length === 0}>{plural(person.groups.length, 'group')}</summary>
            <ul class="plain-list">
              {person.groups.map((each) => (
                <li key={each.id}>
                  <Shown text={each.name} />
                  {!each.direct && <span class="quiet"> (through another)</span>}
                </li>
              ))}
            </ul>
          </details>
        </dd>
      </dl>
    </>
  );
}

export function PersonPanel({ place, onClose, onSaved }: {
  place: PersonPlace;
  onClose: () => void;
  onSaved: () => void;
}) {
  const address = path('people', place.organization, place.directory, place.id);
  const person = useResource<Person>(address);
  const emails = useResource<SecondaryEmails>(address + '/secondary-emails');
  const warnings = useResource<{ warnings: PersonWarning[] }>(address + '/warnings');
  return (
    <Dialog title={person.value ? <Shown text={person.value.name} /> : 'Person'} onClose={onClose}>
      {person.value ? (
        <SecondaryEmailsForm
          person={person.value}
          warnings={warnings.value?.warnings ?? []}
          emails={emails}
          onClose={onClose}
          onSaved={onSaved}
        />
      ) : (
        <div class="dialog-body">
          <Ready of={person} what="the person">
            {() => null}
          </Ready>
          {emails.error && <Problem error={emails.error} />}
        </div>
      )}
    </Dialog>
  );
}
