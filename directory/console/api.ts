// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { Store } from './store';
import type { Role, Session } from './types';

const BASE = '/api/v1';

// Who is signed in: undefined until it is known, null for nobody.
export const session = new Store<Session | null | undefined>(undefined);

// Why the daemon refused (RFC 9457), or that it could not be reached (status 0).
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly pointer = '',
  ) {
    super(detail);
  }
}

export interface Reply<T> {
  body: T;
  tag: string;
}

interface Options {
  body?: unknown;
  ifMatch?: string;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

// A path of the API, each piece percent-encoded.
export function path(...pieces: (string | number)[]): string {
  return '/' + pieces.map((piece) => encodeURIComponent(piece)).join('/');
}

export function query(values: Record<string, string | number | null | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== '' && value !== null && value !== undefined) given.set(name, String(value));
  }
  const text = given.toString();
  return text === '' ? '' : '?' + text;
}

async function refusal(response: Response): Promise<ApiError> {
  const fallback = `The daemon answered ${response.status} ${response.statusText}.`;
  try {
    const problem = (await response.json()) as { detail?: string; code?: string; pointer?: string };
    return new ApiError(response.status, problem.code ?? '', problem.detail ?? fallback, problem.pointer);
  } catch {
    return new ApiError(response.status, '', fallback);
  }
}

async function send(method: string, address: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const token = session.get()?.csrf_token;
  if (method !== 'GET' && token) headers['X-CSRF-Token'] = token;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  const request: RequestInit = { method, headers, cache: 'no-store' };
  if (options.body !== undefined) request.body = JSON.stringify(options.body);
  if (options.signal) request.signal = options.signal;
  try {
    return await fetch(BASE + address, request);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The daemon cannot be reached. Is fromguard-directory running?');
  }
}

export async function ask<T>(method: string, address: string, options: Options = {}, again = true): Promise<Reply<T>> {
  const response = await send(method, address, options);
  if (!response.ok) {
    const error = await refusal(response);
    if (error.code === 'csrf' && again) {
      // Another tab has signed in anew meanwhile: this one has its session too.
      await findSession();
      return ask(method, address, options, false);
    }
    if (response.status === 401 && session.get()) session.set(null);
    throw error;
  }
  const tag = response.headers.get('ETag') ?? '';
  return { body: (response.status === 204 ? null : await response.json()) as T, tag };
}

export async function read<T>(address: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>('GET', address, signal ? { signal } : {})).body;
}

export async function write<T>(method: string, address: string, body?: unknown, ifMatch = ''): Promise<T> {
  return (await ask<T>(method, address, { body, ifMatch })).body;
}

// Begins long work once, even if the answer is lost and the request sent again by the browser.
export async function begin(address: string, body: unknown = {}): Promise<number> {
  const reply = await ask<{ job: number }>('POST', address, { body, idempotencyKey: crypto.randomUUID() });
  return reply.body.job;
}

const RANKS: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

export function may(role: Role): boolean {
  const present = session.get();
  return present ? RANKS[present.role] >= RANKS[role] : false;
}

export async function findSession(): Promise<void> {
  try {
    session.set(await read<Session>('/session'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.set(null);
    else throw error;
  }
}
