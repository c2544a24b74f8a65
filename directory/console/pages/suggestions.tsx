// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { query } from '../api';
import { useResource } from '../data';
import { Copyable } from '../parts/dialog';
import { plural, Shown, Time } from '../parts/text';
import { Link } from '../router';
import type { Suggestion, Suggestions } from '../statistics';

function SecondaryEmail({ of }: { of: Suggestion }) {
  const person = of.people[0] ?? '';
  return (
    <p>
      If it is their own, make it a{' '}
      <Link href={'/settings/business-email-compromise' + query({ view: 'people', search: person })}>
        secondary email of <Shown text={person} />
      </Link>
      . Ask them first, and not by mail to this address.
    </p>
  );
}

function Service({ of }: { of: Suggestion }) {
  return (
    <>
      <p>
        It writes in the names of <Shown text={of.people.join(', ')} />. If it is a service that you use, add one of these. At
        some services anybody may have an account.
      </p>
      {of.yaml.exception && <Copyable text={of.yaml.exception} label="the exception for policy.yaml" block />}
      {of.yaml.service && <Copyable text={of.yaml.service} label="the entry for delegated-senders.yaml" block />}
    </>
  );
}

function One({ of }: { of: Suggestion }) {
  return (
    <li class="stack">
      <p class="spread">
        <strong>
          <Shown text={of.address} />
        </strong>
        <span class="quiet">
          {plural(of.times, 'message')} on {plural(of.days, 'day')}, last <Time at={of.last} />
        </span>
      </p>
      {of.kind === 'service' ? <Service of={of} /> : <SecondaryEmail of={of} />}
    </li>
  );
}

// Addresses under protected names that keep passing authentication; nothing if there is none.
export function SuggestionList() {
  const found = useResource<Suggestions>('/suggestions');
  const list = found.value?.suggestions ?? [];
  if (list.length === 0) return null;
  return (
    <details class="card">
      <summary>{plural(list.length, 'suggestion')}: addresses that keep passing authentication under protected names</summary>
      <ul class="plain-list stack suggestion-list">
        {list.map((each) => (
          <One key={each.organization + each.address + each.people[0]} of={each} />
        ))}
      </ul>
    </details>
  );
}

// The addresses that were seen to pass under the name of this person.
export function useSeenAddresses(organization: string, name: string): Suggestion[] {
  const found = useResource<Suggestions>('/suggestions' + query({ organization }));
  return (found.value?.suggestions ?? []).filter((each) => each.kind === 'secondary_email' && each.people.includes(name));
}
