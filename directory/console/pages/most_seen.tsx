// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { query } from '../api';
import { count, plural, Shown } from '../parts/text';
import { Link } from '../router';
import type { Statistics } from '../statistics';
import { words } from './detections';

interface Rank {
  text: string;
  note?: string;
  href: string;
  total: number;
}

function Ranks({ title, ranks, empty, uncounted }: { title: string; ranks: Rank[]; empty: string; uncounted: number }) {
  const most = Math.max(1, ...ranks.map(({ total }) => total));
  return (
    <section class="stack ranks">
      <h3>{title}</h3>
      {ranks.length === 0 && <p class="quiet">{empty}</p>}
      <ol class="plain-list">
        {ranks.map(({ text, note, href, total }) => (
          <li key={text + (note ?? '')}>
            <div class="spread">
              <Link href={href}>
                <Shown text={text} />
              </Link>
              <strong>{count(total)}</strong>
            </div>
            {note && (
              <small class="block quiet">
                <Shown text={note} />
              </small>
            )}
            <svg class="rank-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(100 * total) / most} height="4" />
            </svg>
          </li>
        ))}
      </ol>
      {uncounted > 0 && <p class="quiet">and {plural(uncounted, 'finding')} of addresses that were seen seldom</p>}
    </section>
  );
}

// Who is imitated most, by whom, and how.
export function MostSeen({ of, isOneOrganization }: { of: Statistics; isOneOrganization: boolean }) {
  const matches = new Map<string, number>();
  for (const day of of.days) {
    for (const [word, total] of Object.entries(day.matches)) matches.set(word, (matches.get(word) ?? 0) + total);
  }
  return (
    <div class="rank-columns">
      <Ranks
        title="People shown most often"
        empty="Nobody."
        uncounted={of.people.uncounted}
        ranks={of.people.names.slice(0, 5).map(({ organization, person, total }) => ({
          text: person,
          ...(isOneOrganization ? {} : { note: organization }),
          href: '/detections' + query({ text: person }),
          total,
        }))}
      />
      <Ranks
        title="Addresses seen most often"
        empty="None."
        uncounted={of.senders.uncounted}
        ranks={of.senders.names.slice(0, 5).map(({ address, total }) => ({
          text: address,
          href: '/detections' + query({ text: address }),
          total,
        }))}
      />
      <Ranks
        title="How names were matched"
        empty="No match."
        uncounted={0}
        ranks={[...matches]
          .sort(([, a], [, b]) => b - a)
          .slice(0, 5)
          .map(([word, total]) => ({
            text: word === 'none' ? 'no name' : words(word),
            href: '/detections' + query({ match: word }),
            total,
          }))}
      />
    </div>
  );
}
