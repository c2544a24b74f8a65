// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { asError } from '../data';
import { Store, useStore } from '../store';
import { Icon } from './icons';

interface Toast {
  number: number;
  text: string;
  isError: boolean;
  undo: (() => Promise<void>) | null;
}

const SHOWN_MILLISECONDS = 9000;

const toasts = new Store<Toast[]>([]);
let newest = 0;

function dismiss(number: number): void {
  toasts.set(toasts.get().filter((toast) => toast.number !== number));
}

// Tells what was done; `undo` takes it back.
export function tell(text: string, undo: (() => Promise<void>) | null = null): void {
  toasts.set([...toasts.get().slice(-2), { number: ++newest, text, isError: false, undo }]);
}

export function tellError(thrown: unknown): void {
  const text = asError(thrown).message;
  toasts.set([...toasts.get().slice(-2), { number: ++newest, text, isError: true, undo: null }]);
}

// Does something that a click asks for; what goes wrong is told.
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    tellError(thrown);
  }
}

function ToastView({ toast }: { toast: Toast }) {
  // The pointer or the focus is on it: whoever reaches for "Undo" finds it there (WCAG 2.2.1).
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    // What went wrong stays until somebody has read it.
    if (toast.isError || isHeld) return;
    const timer = setTimeout(() => dismiss(toast.number), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [toast, isHeld]);
  const { undo } = toast;
  const takeBack = () => {
    dismiss(toast.number);
    if (undo) void attempt(undo);
  };
  return (
    <div
      class={toast.isError ? 'toast bad' : 'toast'}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <Icon name={toast.isError ? 'warning' : 'check'} />
      <span>{toast.text}</span>
      {undo && (
        <button type="button" class="link" onClick={takeBack}>
          Undo
        </button>
      )}
      <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(toast.number)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

export function Toasts() {
  const list = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-label="Messages">
      {list.map((toast) => (
        <ToastView key={toast.number} toast={toast} />
      ))}
    </div>
  );
}
