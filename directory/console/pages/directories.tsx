// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { begin, may, path, write } from '../api';
import { useResource } from '../data';
import { jobs, useCatchUp, useEvents } from '../events';
import { confirm } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Menu, type MenuItem } from '../parts/menu';
import { count, everyText, plural, Shown, Time } from '../parts/text';
import { attempt, tell } from '../parts/toast';
import { Empty, Page, Progress, Ready, Table, Tag, type Tone } from '../parts/ui';
import { useStore } from '../store';
import type { Directory, Job } from '../types';
import { AddDirectory } from './add_directory';
import { AuthorizeDirectory } from './authorize_directory';
import { EditDirectory } from './edit_directory';

const TONES: Record<Directory['state'], Tone> = {
  'never synced': 'info',
  syncing: 'info',
  synced: 'good',
  held: 'warn',
  failed: 'bad',
};

const TYPES = { office365: 'Office 365', csv: 'CSV file' };

export function subjectOf(directory: { organization: string; name: string }): string {
  return directory.organization + '/' + directory.name;
}

function addressOf(directory: Directory): string {
  return path('directories', directory.organization, directory.name);
}

// The jobs that were begun here: of others nobody waits for the end.
const begun = new Set<number>();

async function startSync(directory: Directory, body: { full?: boolean; accept_shrink?: boolean }): Promise<void> {
  const operation = directory.targets === 'selected' ? '/provision' : '/sync';
  begun.add(await begin(addressOf(directory) + operation, body));
}

function JobProgress({ job }: { job: Job }) {
  return (
    <div class="job">
      <Progress label={'Sync of ' + job.subject} done={job.done} total={job.total} />
      <small class="quiet">{job.cancelling ? 'ending …' : job.message || 'syncing …'}</small>
    </div>
  );
}

function State({ directory, job }: { directory: Directory; job: Job | undefined }) {
  if (job) return <JobProgress job={job} />;
  return (
    <div class="state">
      <Tag tone={TONES[directory.state]}>{directory.state}</Tag>
      {directory.last_failure && (
        <small class="reason">
          <Shown text={directory.last_failure} />
        </small>
      )}
    </div>
  );
}

function nextSync(directory: Directory) {
  if (directory.targets === 'selected') return <span class="quiet">read once</span>;
  if (!directory.started && directory.first === 'manual') return <span class="quiet">after the first</span>;
  return <Time at={directory.next_sync} never="not planned" />;
}

interface RowProps {
  directory: Directory;
  job: Job | undefined;
  showOrganization: boolean;
  onAuthorize: () => void;
  onEdit: () => void;
  reload: () => void;
}

function menuOf({ directory, job, onAuthorize, onEdit, reload }: RowProps): (MenuItem | false)[] {
  const run = (body: { full?: boolean; accept_shrink?: boolean }) => () =>
    void attempt(async () => {
      await startSync(directory, body);
      reload();
    });
  const acceptShrink = () =>
    confirm({
      title: 'Accept the smaller directory?',
      text: `The last sync of ${directory.name} lost more people than may be lost at once, and was not put in force. If you accept, those people are no longer protected.`,
      action: 'Accept and sync',
      dangerous: true,
      work: async () => {
        await startSync(directory, { accept_shrink: true });
        reload();
      },
    });
  const cancel = () => void attempt(async () => void (await write('POST', path('jobs', job?.id ?? 0, 'cancel'))));
  const remove = () =>
    confirm({
      title: `Remove ${directory.name}?`,
      text: `Its ${count(directory.people)} people and ${count(directory.groups)} groups go, with every protection and secondary email that was added to them. This cannot be undone.`,
      action: 'Remove the directory',
      dangerous: true,
      work: async () => {
        await write('DELETE', addressOf(directory));
        tell(`${directory.name} is removed.`);
        reload();
      },
    });
  const refused = directory.declared ? 'Declared in directory.yaml: change it there' : undefined;
  return [
    job !== undefined && { label: 'Cancel the sync', icon: 'cross' as const, act: cancel },
    !job && { label: directory.targets === 'selected' ? 'Read again' : 'Sync now', icon: 'sync' as const, act: run({}) },
    !job && directory.targets === 'all' && { label: 'Read everything anew', icon: 'sync' as const, act: run({ full: true }) },
    !job && directory.state === 'held' && { label: 'Accept the smaller result …', icon: 'check' as const, act: acceptShrink },
    !job && may('admin') && { label: 'Edit', icon: 'edit' as const, refused, act: onEdit },
    directory.type === 'office365' &&
      may('admin') && { label: 'Authorize …', icon: 'permissions' as const, act: onAuthorize },
    may('admin') && { label: 'Remove …', icon: 'close' as const, dangerous: true, refused, act: remove },
  ];
}

function Row(props: RowProps) {
  const { directory, job, showOrganization, reload } = props;
  const first = () => void attempt(async () => {
    await startSync(directory, {});
    reload();
  });
  const waits = !directory.started && directory.first === 'manual' && !job && may('operator');
  return (
    <tr>
      <th scope="row">
        <span class="with-icon">
          <Icon name={directory.type === 'csv' ? 'audit' : 'directories'} />
          <span>
            <Shown text={directory.name} />
            <small class="narrow">
              {showOrganization && (
                <>
                  <Shown text={directory.organization} />:{' '}
                </>
              )}
              {plural(directory.people, 'person', 'people')}, {plural(directory.groups, 'group')}
            </small>
          </span>
        </span>
      </th>
      <td class="wide-only">
        {TYPES[directory.type]}
        <small class="quiet block">
          {everyText(directory.every_seconds)}
          {directory.declared && ', in directory.yaml'}
        </small>
      </td>
      {showOrganization && (
        <td class="wide-only">
          <Shown text={directory.organization} />
        </td>
      )}
      <td class="number wide-only">{count(directory.people)}</td>
      <td class="number wide-only">{count(directory.groups)}</td>
      <td class="wide-only">
        <Time at={directory.last_success} />
      </td>
      <td class="wide-only">{nextSync(directory)}</td>
      <td>
        <State directory={directory} job={job} />
      </td>
      <td class="row-actions">
        {waits && (
          <button type="button" class="primary" onClick={first}>
            First sync
          </button>
        )}
        {may('operator') && <Menu label={'Actions for ' + directory.name} items={menuOf(props)} />}
      </td>
    </tr>
  );
}

export function Directories() {
  const list = useResource<{ directories: Directory[] }>('/directories');
  const running = useStore(jobs);
  const [adding, setAdding] = useState(false);
  const [authorizing, setAuthorizing] = useState<Directory | null>(null);
  const [editing, setEditing] = useState<Directory | null>(null);
  useEvents('job', (job) => {
    if (job.state === 'running') return;
    if (begun.delete(job.id) && job.state === 'done') tell(`${job.subject} is synced.`);
    list.reload();
  });
  useEvents('notification', list.reload);
  useCatchUp(list.reload);

  const add = may('admin') && (
    <button type="button" class="primary" onClick={() => setAdding(true)}>
      <Icon name="plus" />
      Add Directory
    </button>
  );
  return (
    <Page title="Directories" intro="Where people and groups come from." actions={add}>
      <Ready of={list} what="directories">
        {({ directories }) => {
          if (directories.length === 0) {
            return (
              <Empty icon="directories" title="No directory yet">
                <p>Add the Office 365 tenant or the CSV file that knows your people. Then choose who is protected.</p>
                {add}
              </Empty>
            );
          }
          const several = new Set(directories.map((each) => each.organization)).size > 1;
          return (
            <Table caption="Directories">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col" class="wide-only">Type</th>
                  {several && <th scope="col" class="wide-only">Organization</th>}
                  <th scope="col" class="number wide-only">People</th>
                  <th scope="col" class="number wide-only">Groups</th>
                  <th scope="col" class="wide-only">Last sync</th>
                  <th scope="col" class="wide-only">Next sync</th>
                  <th scope="col">State</th>
                  <th scope="col"><span class="unseen">Actions</span></th>
                </tr>
              </thead>
              <tbody>
                {directories.map((directory) => (
                  <Row
                    key={subjectOf(directory)}
                    directory={directory}
                    job={[...running.values()].find((job) => job.subject === subjectOf(directory))}
                    showOrganization={several}
                    onAuthorize={() => setAuthorizing(directory)}
                    onEdit={() => setEditing(directory)}
                    reload={list.reload}
                  />
                ))}
              </tbody>
            </Table>
          );
        }}
      </Ready>
      {adding && (
        <AddDirectory
          onClose={() => setAdding(false)}
          onAdded={list.reload}
        />
      )}
      {editing && (
        <EditDirectory
          directory={editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            list.reload();
          }}
        />
      )}
      {authorizing && (
        <AuthorizeDirectory
          directory={authorizing}
          onClose={() => {
            setAuthorizing(null);
            list.reload();
          }}
        />
      )}
    </Page>
  );
}
