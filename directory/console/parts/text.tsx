// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

// What no reader can see, or what makes letters stand in another order than they are written in.
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]|(?! )\p{Zs}/u;

const NAMES: Record<number, string> = {
  0x00: 'null',
  0x09: 'tab',
  0x0a: 'line feed',
  0x0d: 'carriage return',
  0xa0: 'no-break space',
  0xad: 'soft hyphen',
  0x200b: 'zero width space',
  0x200c: 'zero width non-joiner',
  0x200d: 'zero width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'pop directional formatting',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2060: 'word joiner',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'pop directional isolate',
  0x3000: 'ideographic space',
  0xfeff: 'byte order mark',
};

function mark(character: string, key: number): VNode {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return (
    <span class="hidden-character" key={key} title={NAMES[code] ?? 'invisible character'}>
      {'U+' + hex}
    </span>
  );
}

// Text that somebody else wrote: kept apart from what is around it, with all that is invisible shown.
export function Shown({ text, empty = '(empty)' }: { text: string | undefined; empty?: string }) {
  if (!text) return <span class="quiet">{empty}</span>;
  const pieces: ComponentChildren[] = [];
  let run = '';
  for (const character of text) {
    if (!HIDDEN.test(character)) {
      run += character;
      continue;
    }
    if (run !== '') pieces.push(run);
    pieces.push(mark(character, pieces.length));
    run = '';
  }
  pieces.push(run);
  return <bdi>{pieces}</bdi>;
}

const numbers = new Intl.NumberFormat();

export function count(value: number): string {
  return numbers.format(value);
}

export function plural(value: number, one: string, many = one + 's'): string {
  return count(value) + ' ' + (value === 1 ? one : many);
}

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });

const UNITS: [number, Intl.RelativeTimeFormatUnit][] = [
  [86400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

function ago(seconds: number, now: number): string {
  const distance = seconds - now;
  for (const [size, unit] of UNITS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return distance > 0 ? 'in less than a minute' : 'just now';
}

const A_WEEK = 7 * 86400;

// A time as people say it, exact when it is pointed at; it stays right while the page is open.
export function Time({ at, never = 'never' }: { at: number | null; never?: string }) {
  const [now, setNow] = useState(Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 30000);
    return () => clearInterval(timer);
  }, []);
  if (!at) return <span class="quiet">{never}</span>;
  const date = new Date(at * 1000);
  const text = Math.abs(at - now) < A_WEEK ? ago(at, now) : whole.format(date);
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)}>
      {text}
    </time>
  );
}

export function FullTime({ at }: { at: number }) {
  const date = new Date(at * 1000);
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)}>
      {whole.format(date)}
    </time>
  );
}

export function everyText(seconds: number): string {
  const units: [number, string][] = [
    [86400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ];
  for (const [size, unit] of units) {
    if (seconds >= size && seconds % size === 0) {
      const many = seconds / size;
      return many === 1 ? `every ${unit}` : `every ${many} ${unit}s`;
    }
  }
  return 'never';
}
