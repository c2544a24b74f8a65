// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may } from '../api';
import { useResource } from '../data';
import { Icon } from '../parts/icons';
import { Shown } from '../parts/text';
import { Empty, Note, Page, Ready, Table, Tag } from '../parts/ui';
import { Link } from '../router';
import type { DirectoryPermissions, Permission } from '../types';
import { AuthorizeDirectory } from './authorize_directory';

const FEATURES: Record<string, string> = {
  sync: 'Sync of people and groups',
  posture: 'Posture',
  provision: 'Connectors',
  pull: 'Pulling messages',
};

function Row({ each }: { each: Permission }) {
  return (
    <tr>
      <th scope="row">
        <code>{each.permission}</code>
        <small class="block quiet">{FEATURES[each.feature] ?? each.feature}</small>
        <small class="narrow">{each.purpose}</small>
      </th>
      <td class="prose wide-only">{each.purpose}</td>
      <td class="wide-only">
        {each.least && each.least !== each.permission ? <code>{each.least}</code> : <span class="quiet">this one</span>}
      </td>
      <td class="wide-only">{each.admin_role}</td>
      <td>
        <Tag tone={each.granted ? 'good' : 'bad'} icon={each.granted ? 'check' : 'cross'}>
          {each.granted ? 'granted' : 'not granted'}
        </Tag>
        {each.granted_by && each.granted_by !== each.permission && (
          <small class="block quiet">by {each.granted_by}</small>
        )}
      </td>
    </tr>
  );
}

function DirectoryCard({ of, onAuthorize }: { of: DirectoryPermissions; onAuthorize: () => void }) {
  const missing = of.permissions.filter((each) => !each.granted).length;
  return (
    <section class="stack">
      <div class="spread">
        <h2>
          <Shown text={of.directory} /> <small class="quiet"><Shown text={of.organization} /></small>
        </h2>
        {may('admin') && (
          <button type="button" class={missing > 0 ? 'primary' : ''} onClick={onAuthorize}>
            <Icon name="permissions" />
            Authorize …
          </button>
        )}
      </div>
      {of.failure && (
        <Note tone="warn" icon="warning">
          <p>
            Microsoft could not be asked: <Shown text={of.failure} />
          </p>
        </Note>
      )}
      {of.permissions.length > 0 && (
        <Table caption={'Permissions of ' + of.directory}>
          <thead>
            <tr>
              <th scope="col">Permission</th>
              <th scope="col" class="wide-only">Why</th>
              <th scope="col" class="wide-only">The least that would do</th>
              <th scope="col" class="wide-only">Who may consent</th>
              <th scope="col">Granted</th>
            </tr>
          </thead>
          <tbody>
            {of.permissions.map((each) => (
              <Row key={each.feature + each.permission} each={each} />
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

export function Permissions() {
  const list = useResource<{ directories: DirectoryPermissions[] }>('/permissions');
  const [authorizing, setAuthorizing] = useState<DirectoryPermissions | null>(null);
  return (
    <Page
      title="Permissions"
      intro="What each feature that is on needs of Microsoft, and what is granted. Asked of Microsoft just now."
    >
      <Ready of={list} what="what Microsoft has granted">
        {({ directories }) =>
          directories.length === 0 ? (
            <Empty icon="permissions" title="No Office 365 directory">
              <p>
                Only these need permissions. <Link href="/settings/directories">Directories</Link>
              </p>
            </Empty>
          ) : (
            <div class="stack wide-gap">
              {directories.map((each) => (
                <DirectoryCard
                  key={each.organization + '/' + each.directory}
                  of={each}
                  onAuthorize={() => setAuthorizing(each)}
                />
              ))}
            </div>
          )
        }
      </Ready>
      {authorizing && (
        <AuthorizeDirectory
          directory={{ organization: authorizing.organization, name: authorizing.directory }}
          onClose={() => {
            setAuthorizing(null);
            list.reload();
          }}
        />
      )}
    </Page>
  );
}
