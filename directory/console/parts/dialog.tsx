// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useSending } from '../data';
import { Store, useStore } from '../store';
import { Icon } from './icons';
import { Problem } from './ui';

interface DialogProps {
  title: ComponentChildren;
  kind?: 'panel' | 'box';
  onClose: () => void;
  children: ComponentChildren;
}

// A modal dialog: a panel at the side, or a box in the middle. Escape closes it, and a click beside it
// unless something has been typed.
export function Dialog({ title, kind = 'panel', onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const isTouched = useRef(false);
  const closeBeside = (event: MouseEvent) => {
    if (event.target === element.current && !isTouched.current) onClose();
  };
  const touch = () => {
    isTouched.current = true;
  };
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={element}
      class={kind}
      aria-labelledby={id}
      onCancel={cancel}
      onMouseDown={closeBeside}
      onInput={touch}
    >
      <div class="dialog-frame">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="plain" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface FormButtonsProps {
  submit: string;
  busy: boolean;
  onCancel: () => void;
}

// The end of a dialog that is a form.
export function FormButtons({ submit, busy, onCancel }: FormButtonsProps) {
  return (
    <footer>
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
      <button type="submit" class="primary" disabled={busy}>
        {submit}
      </button>
    </footer>
  );
}

interface Question {
  title: string;
  text: ComponentChildren;
  action: string;
  dangerous?: boolean;
  work: () => Promise<void>;
}

const question = new Store<Question | null>(null);

// Asks before something that is not cheap to take back.
export function confirm(asked: Question): void {
  question.set(asked);
}

function ConfirmBox({ asked }: { asked: Question }) {
  const sending = useSending();
  const close = () => question.set(null);
  const agree = async () => {
    if (await sending.send(asked.work)) close();
  };
  return (
    <Dialog kind="box" title={asked.title} onClose={close}>
      <div class="dialog-body">
        {typeof asked.text === 'string' ? <p>{asked.text}</p> : asked.text}
        {sending.error && <Problem error={sending.error} />}
      </div>
      <footer>
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class={asked.dangerous ? 'danger' : 'primary'}
          disabled={sending.busy}
          onClick={() => void agree()}
        >
          {asked.action}
        </button>
      </footer>
    </Dialog>
  );
}

export function ConfirmHost() {
  const asked = useStore(question);
  return asked ? <ConfirmBox asked={asked} /> : null;
}

// A text to take along, with a button that copies it.
export function Copyable({ text, label, block = false }: { text: string; label: string; block?: boolean }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div class={block ? 'copyable block' : 'copyable'}>
      {block ? (
        <pre tabIndex={0} aria-label={label}>
          {text}
        </pre>
      ) : (
        <code>{text}</code>
      )}
      <button type="button" onClick={() => void copy()}>
        <Icon name={copied ? 'check' : 'copy'} />
        {copied ? 'Copied' : 'Copy'}
        <span class="unseen">{label}</span>
      </button>
    </div>
  );
}
