// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, write } from '../api';
import { useResource, useSending } from '../data';
import { Copyable, Dialog, FormButtons } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { Menu } from '../parts/menu';
import { plural } from '../parts/text';
import { tell } from '../parts/toast';
import { Field, Ready } from '../parts/ui';
import { linesOf } from './directory_fields';

// What was added here, as keys of directory.yaml.
function ExportPanel({ onClose }: { onClose: () => void }) {
  const yaml = useResource<{ yaml: string }>('/export');
  return (
    <Dialog title="Export" onClose={onClose}>
      <div class="dialog-body">
        <p>What was added in the console, by commands or through the API, as keys of directory.yaml.</p>
        <Ready of={yaml} what="the export">
          {(value) => <Copyable text={value.yaml} label="the export" block />}
        </Ready>
      </div>
    </Dialog>
  );
}

const SEPARATOR = /[\s,;]+/;
const POINTER = /^\/entries\/(\d+)/;

function entriesOf(text: string): { person: string; address: string }[] {
  return linesOf(text).map((line) => {
    const [person = '', address = ''] = line.split(SEPARATOR);
    return { person, address };
  });
}

function ImportPanel({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const sending = useSending();
  const at = POINTER.exec(sending.pointer);
  const where = at ? `“${linesOf(text)[Number(at[1])] ?? ''}”: ` : '';
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.send(async () => {
      const body = { entries: entriesOf(text) };
      const done = await write<{ people: number; addresses: number }>('POST', '/secondary-emails/import', body);
      tell(`${plural(done.addresses, 'secondary email')} of ${plural(done.people, 'person', 'people')} are added.`);
      onClose();
    });
  };
  return (
    <Dialog title="Import secondary emails" onClose={onClose}>
      <form class="fill" onSubmit={submit}>
        <div class="dialog-body">
          <p>All of them are added, or none.</p>
          <Field
            label="People and addresses"
            hint="One pair a line: any address of the person, a comma, the address to add."
            error={sending.error ? where + sending.error.message.replace(/^line \d+: /, '') : undefined}
          >
            {(field) => (
              <textarea
                {...field}
                class="code"
                required
                rows={12}
                spellcheck={false}
                autocapitalize="none"
                placeholder="ada@contoso.com, ada@home.example"
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <FormButtons submit="Import" busy={sending.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

// The list as a file: out, and secondary emails in.
export function BecFiles() {
  const [shown, setShown] = useState<'import' | 'export' | null>(null);
  const close = () => setShown(null);
  return (
    <>
      <Menu
        label="Import and export"
        items={[
          may('operator') && { label: 'Import secondary emails …', icon: 'plus', act: () => setShown('import') },
          { label: 'Export …', icon: 'out', act: () => setShown('export') },
        ]}
      >
        Import and export
        <Icon name="chevron" class="down" />
      </Menu>
      {shown === 'import' && <ImportPanel onClose={close} />}
      {shown === 'export' && <ExportPanel onClose={close} />}
    </>
  );
}
