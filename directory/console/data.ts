// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, ask, read } from './api';

export interface Resource<T> {
  value: T | null;
  tag: string;
  error: Error | null;
  loading: boolean;
  reload: () => void;
  put: (value: T, tag?: string) => void;
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

// What a path of the API has; what was there stays while it is read anew. No path: nothing.
export function useResource<T>(address: string | null): Resource<T> {
  const [state, setState] = useState<{ address: string | null; value: T | null; tag: string; error: Error | null }>({
    address: null,
    value: null,
    tag: '',
    error: null,
  });
  const [turn, setTurn] = useState(0);
  const [loading, setLoading] = useState(address !== null);
  useEffect(() => {
    if (address === null) return;
    const stop = new AbortController();
    setLoading(true);
    ask<T>('GET', address, { signal: stop.signal }).then(
      ({ body, tag }) => {
        setState({ address, value: body, tag, error: null });
        setLoading(false);
      },
      (thrown) => {
        if (stop.signal.aborted) return;
        setState((old) => ({ ...old, address, value: old.address === address ? old.value : null, error: asError(thrown) }));
        setLoading(false);
      },
    );
    return () => stop.abort();
  }, [address, turn]);
  const reload = useCallback(() => setTurn((old) => old + 1), []);
  const put = useCallback((value: T, tag = '') => setState((old) => ({ ...old, value, tag, error: null })), []);
  const isOld = state.address !== address;
  return {
    value: isOld ? null : state.value,
    tag: isOld ? '' : state.tag,
    error: isOld ? null : state.error,
    loading: loading || (isOld && address !== null),
    reload,
    put,
  };
}

export interface Pages<T> {
  items: T[];
  isComplete: boolean;
  error: Error | null;
  loading: boolean;
  more: () => void;
  reload: () => void;
  change: (edit: (items: T[]) => T[]) => void;
}

type Cursor = string | number | null;

const MOST_EMPTY_PAGES = 200;

// A list that comes page by page. A page of a search may be short or empty though there is more: pages
// are asked for until there are `wanted` more items or the end. `address` makes the path of the page
// after a cursor; `key` says when the list is another one.
export function usePages<T>(
  key: string | null,
  address: (cursor: Cursor) => string,
  unpack: (body: never) => { items: T[]; next: Cursor },
  wanted = 100,
): Pages<T> {
  const [items, setItems] = useState<T[]>([]);
  const [cursor, setCursor] = useState<Cursor>(null);
  const [isComplete, setComplete] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [loading, setLoading] = useState(key !== null);
  const [turn, setTurn] = useState(0);
  const stop = useRef(new AbortController());

  const load = async (from: Cursor, old: T[], signal: AbortSignal) => {
    setLoading(true);
    setError(null);
    const found: T[] = [];
    let next: Cursor = from;
    try {
      for (let asked = 0; asked < MOST_EMPTY_PAGES; ++asked) {
        const page = unpack((await read(address(next), signal)) as never);
        if (signal.aborted) return;
        found.push(...page.items);
        next = page.next;
        setItems([...old, ...found]);
        if (next === null || found.length >= wanted) break;
      }
      setCursor(next);
      setComplete(next === null);
    } catch (thrown) {
      if (signal.aborted) return;
      setError(asError(thrown));
    }
    setLoading(false);
  };

  useEffect(() => {
    stop.current.abort();
    stop.current = new AbortController();
    setComplete(false);
    if (key === null) {
      setItems([]);
      setLoading(false);
      return;
    }
    void load(null, [], stop.current.signal);
    return () => stop.current.abort();
  }, [key, turn]);

  return {
    items,
    isComplete,
    error,
    loading,
    more: () => void load(cursor, items, stop.current.signal),
    reload: useCallback(() => setTurn((old) => old + 1), []),
    change: setItems,
  };
}

// What a form shows while it is sent, and what went wrong with it.
export interface Sending {
  busy: boolean;
  error: Error | null;
  pointer: string;
  send: (work: () => Promise<void>) => Promise<boolean>;
  clear: () => void;
}

export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const send = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(asError(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, pointer: error instanceof ApiError ? error.pointer : '', send, clear: () => setError(null) };
}

// The value once it has not changed for a moment: what is typed is not asked for letter by letter.
export function useSettled(value: string, milliseconds = 250): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
