// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Pages, Resource } from '../data';
import { Icon, type IconName } from './icons';
import { plural } from './text';

interface PageProps {
  title: string;
  intro?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, intro, actions, children }: PageProps) {
  return (
    <>
      <header class="page-head">
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          {intro && <p class="intro">{intro}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain';

export function Tag({ tone = 'plain', icon, title, children }: {
  tone?: Tone;
  icon?: IconName;
  title?: string;
  children: ComponentChildren;
}) {
  return (
    <span class={'tag ' + tone} title={title}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

export function Declared() {
  return (
    <Tag title="Declared in directory.yaml: change it there">
      directory.yaml
    </Tag>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Problem({ error, retry }: { error: Error; retry?: () => void }) {
  return (
    <div class="note bad" role="alert">
      <Icon name="warning" />
      <p>{error.message}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Note({ tone = 'info', icon, children }: { tone?: Tone; icon?: IconName; children: ComponentChildren }) {
  return (
    <div class={'note ' + tone}>
      {icon && <Icon name={icon} />}
      <div>{children}</div>
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      Loading {what} …
    </p>
  );
}

// What a resource has, or why not yet.
export function Ready<T>({ of, what, children }: {
  of: Resource<T>;
  what: string;
  children: (value: T) => ComponentChildren;
}) {
  if (of.value !== null) {
    return (
      <>
        {of.error && <Problem error={of.error} retry={of.reload} />}
        {children(of.value)}
      </>
    );
  }
  return of.error ? <Problem error={of.error} retry={of.reload} /> : <Loading what={what} />;
}

// The end of a list that comes page by page.
export function ListEnd<T>({ pages, one, many }: { pages: Pages<T>; one: string; many?: string }) {
  if (pages.error) return <Problem error={pages.error} retry={pages.items.length ? pages.more : pages.reload} />;
  if (pages.loading) return <Loading what={pages.items.length ? 'more' : (many ?? one + 's')} />;
  if (pages.items.length === 0) return null;
  return (
    <p class="list-end">
      <span class="quiet">
        {plural(pages.items.length, one, many)}
        {pages.isComplete ? '' : ' shown'}
      </span>
      {!pages.isComplete && (
        <button type="button" onClick={pages.more}>
          Show more
        </button>
      )}
    </p>
  );
}

// A table that scrolls sideways by itself where it is too wide.
export function Table({ caption, class: extra = '', children }: {
  caption: string;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <div class="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table class={extra}>
        <caption class="unseen">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  children: (props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }) => ComponentChildren;
}

// A labelled control with its hint and what is wrong with it.
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && id + '-hint', error && id + '-error'].filter(Boolean).join(' ') || undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p class="field-error" id={id + '-error'}>
          <Icon name="warning" />
          {error}
        </p>
      )}
      {hint && (
        <p class="hint" id={id + '-hint'}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  choices: { value: T; label: string; hint?: string }[];
  onChange: (value: T) => void;
}

// A few choices side by side.
export function Choice<T extends string>({ label, value, choices, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>
              {choice.label}
              {choice.hint && <small>{choice.hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function SearchBox({ label, value, onInput }: { label: string; value: string; onInput: (value: string) => void }) {
  return (
    <div class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  // Without a total the bar moves to and fro.
  return total > 0 ? <progress aria-label={label} value={done} max={total} /> : <progress aria-label={label} />;
}
