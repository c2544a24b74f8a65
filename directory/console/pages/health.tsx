// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { Fragment } from 'preact';
import { Shown, Time } from '../parts/text';
import { Tag, type Tone } from '../parts/ui';
import type { Directory, Job, Status } from '../types';

const STATE_TONES: Record<Directory['state'], Tone> = {
  'never synced': 'info',
  syncing: 'info',
  synced: 'good',
  held: 'warn',
  failed: 'bad',
};

// What the gateway has left to be read; nobody asks it whether it runs.
function Gateway({ of }: { of: Status['gateway'] }) {
  if (of.detections === 'not_configured') {
    return (
      <>
        <Tag>not known</Tag>
        <small class="block quiet">directory.yaml names no folder of detections.</small>
      </>
    );
  }
  if (of.detections === 'not_there') {
    return (
      <>
        <Tag tone="warn">not known</Tag>
        <small class="block quiet">It has written no detections yet, or they cannot be read.</small>
      </>
    );
  }
  return (
    <>
      <Tag tone="good">detections are read</Tag>
      <small class="block quiet">
        {of.newest_detection > 0 ? 'The newest: ' : ''}
        <Time at={of.newest_detection} never="No finding in 90 days" />. Whether it runs, its own /readyz says.
      </small>
    </>
  );
}

function DirectoryHealth({ of, job }: { of: Directory; job: Job | undefined }) {
  if (job) {
    return (
      <>
        <Tag tone="info">syncing</Tag> <span class="quiet">{job.message}</span>
      </>
    );
  }
  return (
    <>
      <Tag tone={STATE_TONES[of.state]}>{of.state}</Tag> <Time at={of.last_success} never="" />
      {of.last_failure && (
        <small class="reason">
          <Shown text={of.last_failure} />
        </small>
      )}
    </>
  );
}

export function Health({ now, directories, running }: { now: Status; directories: Directory[]; running: Job[] }) {
  return (
    <section class="card stack">
      <h2>Health</h2>
      <dl class="facts">
        <dt>Directory daemon</dt>
        <dd>
          <Tag tone="good">running</Tag> version {now.version}
        </dd>
        <dt>Published</dt>
        <dd>
          {now.generation ? (
            <>
              {words(now.generation)}
              {now.published > 0 && ', '}
              <Time at={now.published} never="" />
            </>
          ) : (
            <Tag tone="warn">nothing yet</Tag>
          )}
        </dd>
        <dt>Gateway</dt>
        <dd>
          <Gateway of={now.gateway} />
        </dd>
        {directories.map((each) => (
          <Fragment key={each.organization + '/' + each.name}>
            <dt>
              <Shown text={now.organizations > 1 ? each.organization + '/' + each.name : each.name} />
            </dt>
            <dd>
              <DirectoryHealth of={each} job={running.find((job) => job.subject === each.organization + '/' + each.name)} />
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function words(generation: string): string {
  return generation.replace('-', ' ');
}
