// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { Store, useStore } from './store';

// Where the browser is: path, query and fragment.
const place = new Store(location.pathname + location.search);

addEventListener('popstate', () => place.set(location.pathname + location.search));

export function navigate(address: string, replace = false): void {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  place.set(location.pathname + location.search);
}

export function useUrl(): URL {
  return new URL(useStore(place), location.origin);
}

// A key of the query, kept in the address so that it can be sent to somebody and gone back to.
export function useQuery(name: string): [string, (value: string) => void] {
  const value = useUrl().searchParams.get(name) ?? '';
  const set = (next: string) => setQuery({ [name]: next });
  return [value, set];
}

export function setQuery(values: Record<string, string>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  navigate(url.pathname + url.search, true);
}

interface LinkProps {
  href: string;
  class?: string;
  current?: boolean;
  children: ComponentChildren;
}

export function Link({ href, class: name, current, children }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a href={href} class={name} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
