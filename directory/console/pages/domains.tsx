// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, path, write } from '../api';
import { useResource, useSending } from '../data';
import { useEvents } from '../events';
import { confirm, Dialog, FormButtons } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Menu } from '../parts/menu';
import { Shown, Time } from '../parts/text';
import { attempt, tell } from '../parts/toast';
import { Declared, Empty, Field, Page, Ready, Table, Tag } from '../parts/ui';
import { Link } from '../router';
import type { Domain } from '../types';
import { CheckDomain, MxHosts, MxTag } from './domain_check';

function NextHopBox({ domain, onClose, onSaved }: { domain: Domain; onClose: () => void; onSaved: () => void }) {
  const [host, setHost] = useState(domain.next_hop_override ?? '');
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      await write('PUT', path('domains', domain.domain, 'next-hop'), { host: host.trim() });
      tell(`The next hop of ${domain.domain} is saved.`);
      onSaved();
    });
  };
  return (
    <Dialog kind="box" title={'Next hop of ' + domain.domain} onClose={onClose}>
      <form onSubmit={submit}>
        <div class="dialog-body">
          <Field
            label="Host"
            hint={`Empty: what the tenant says${domain.next_hop ? ', ' + domain.next_hop : ''}.`}
            error={sending.error?.message}
          >
            {(field) => (
              <input
                {...field}
                spellcheck={false}
                autocapitalize="none"
                value={host}
                placeholder={domain.next_hop}
                onInput={(event) => setHost(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <FormButtons submit="Save" busy={sending.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

interface RowProps {
  domain: Domain;
  reload: () => void;
  edit: () => void;
  check: () => void;
}

function Row({ domain, reload, edit, check }: RowProps) {
  const address = path('domains', domain.domain);
  const set = (operation: 'enable' | 'disable') => async () => {
    await write('POST', `${address}/${operation}`);
    tell(`Mail for ${domain.domain} is ${operation === 'enable' ? 'relayed' : 'not relayed any more'}.`);
    reload();
  };
  const hop = domain.next_hop_override || domain.next_hop;
  const enable = () =>
    confirm({
      title: `Relay mail for ${domain.domain}?`,
      text: `This relay will accept mail for the addresses of ${domain.domain} and hand it to ${hop || 'no host yet'}.`,
      action: 'Relay mail',
      work: set('enable'),
    });
  const disable = () =>
    confirm({
      title: `Stop relaying for ${domain.domain}?`,
      text: 'Mail for this domain that still comes to this relay will be refused.',
      action: 'Stop relaying',
      dangerous: true,
      work: set('disable'),
    });
  const takeBack = () =>
    void attempt(async () => {
      const before = domain.next_hop_override ?? '';
      await write('PUT', address + '/next-hop', { host: '' });
      reload();
      tell(`${domain.domain} goes where the tenant says.`, async () => {
        await write('PUT', address + '/next-hop', { host: before });
        reload();
      });
    });
  return (
    <tr>
      <th scope="row">
        <span class="with-icon">
          <Icon name="domains" />
          <span>
            <Shown text={domain.domain} /> {domain.default && <Tag>default</Tag>} {domain.initial && <Tag>initial</Tag>}{' '}
            {domain.gone && <Tag tone="warn" title="The tenant does not have it any more">gone</Tag>}
          </span>
        </span>
      </th>
      <td class="wide-only nowrap">
        {domain.imported ? (
          <>
            <Shown text={domain.directory} />
            <small class="block quiet">
              seen <Time at={domain.seen ?? 0} />
            </small>
          </>
        ) : (
          <Declared />
        )}
      </td>
      <td class="wide-only wrap-anywhere">
        <Shown text={hop} empty="not known" />
        {domain.next_hop_override && (
          <small class="block quiet">
            in place of <Shown text={domain.next_hop} empty="nothing" />
          </small>
        )}
      </td>
      <td class="wide-only wrap-anywhere">
        {domain.mx && (
          <>
            <MxTag mx={domain.mx} />
            {domain.mx.hosts.length > 0 && (
              <small class="block quiet">
                <MxHosts mx={domain.mx} />
              </small>
            )}
          </>
        )}
      </td>
      <td>
        {domain.imported ? (
          <Tag tone={domain.relay_enabled ? 'good' : 'plain'}>{domain.relay_enabled ? 'relayed' : 'not relayed'}</Tag>
        ) : (
          <span class="quiet">not managed here</span>
        )}
      </td>
      <td class="row-actions">
        {domain.imported && may('operator') && (
          <Menu
            label={'Actions for ' + domain.domain}
            items={[
              domain.relay_enabled
                ? { label: 'Disable …', icon: 'cross', dangerous: true, act: disable }
                : { label: 'Enable …', icon: 'check', act: enable },
              { label: 'Check MX and SPF …', icon: 'search', act: check },
              { label: 'Change the next hop …', icon: 'out', act: edit },
              Boolean(domain.next_hop_override) && { label: 'Take the tenant’s next hop', icon: 'sync', act: takeBack },
            ]}
          />
        )}
      </td>
    </tr>
  );
}

export function Domains() {
  const list = useResource<{ domains: Domain[] }>('/domains');
  const [editing, setEditing] = useState<Domain | null>(null);
  const [checking, setChecking] = useState<Domain | null>(null);
  useEvents('job', (job) => {
    if (job.state !== 'running') list.reload();
  });
  return (
    <Page
      title="Domains"
      intro="Imported from the directories, and not relayed until you enable them."
    >
      <Ready of={list} what="domains">
        {({ domains }) =>
          domains.length === 0 ? (
            <Empty icon="domains" title="No domain yet">
              <p>
                The first sync of an Office 365 directory imports those of the tenant.{' '}
                <Link href="/settings/directories">Directories</Link>
              </p>
            </Empty>
          ) : (
            <Table caption="Domains">
              <thead>
                <tr>
                  <th scope="col">Domain</th>
                  <th scope="col" class="wide-only">From</th>
                  <th scope="col" class="wide-only">Next hop</th>
                  <th scope="col" class="wide-only">MX</th>
                  <th scope="col">Relay</th>
                  <th scope="col"><span class="unseen">Actions</span></th>
                </tr>
              </thead>
              <tbody>
                {domains.map((domain) => (
                  <Row
                    key={domain.organization + domain.domain}
                    domain={domain}
                    reload={list.reload}
                    edit={() => setEditing(domain)}
                    check={() => setChecking(domain)}
                  />
                ))}
              </tbody>
            </Table>
          )
        }
      </Ready>
      {checking && (
        <CheckDomain
          domain={checking.domain}
          onClose={() => {
            setChecking(null);
            list.reload();
          }}
        />
      )}
      {editing && (
        <NextHopBox
          domain={editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            list.reload();
          }}
        />
      )}
    </Page>
  );
}
