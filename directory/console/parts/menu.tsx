// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons';

export interface MenuItem {
  label: string;
  icon?: IconName;
  dangerous?: boolean;
  // Why it cannot be done; it is shown, and told instead of being done.
  refused?: string | undefined;
  act: () => void;
}

const MARGIN = 8;

// The menu of a row: a button that opens a list of actions above everything else.
export function Menu({ label, items, children }: {
  label: string;
  items: (MenuItem | null | false)[];
  children?: ComponentChildren;
}) {
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const shown = items.filter((item): item is MenuItem => Boolean(item));

  const buttons = () => [...(list.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])];

  const place = () => {
    if (!list.current || !button.current) return;
    const at = button.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = list.current;
    const fitsBelow = at.bottom + height + MARGIN < innerHeight;
    list.current.style.left = Math.max(MARGIN, Math.min(at.right - width, innerWidth - width - MARGIN)) + 'px';
    list.current.style.top = (fitsBelow ? at.bottom + 4 : Math.max(MARGIN, at.top - height - 4)) + 'px';
  };

  const toggled = (event: { newState: string }) => {
    const open = event.newState === 'open';
    button.current?.setAttribute('aria-expanded', String(open));
    if (!open) return;
    place();
    buttons()[0]?.focus();
  };

  const close = () => {
    list.current?.hidePopover();
    button.current?.focus();
  };

  const move = (event: KeyboardEvent) => {
    const all = buttons();
    const present = all.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = {
      ArrowDown: (present + 1) % all.length,
      ArrowUp: (present - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      all[next]?.focus();
    } else if (event.key === 'Tab') {
      list.current?.hidePopover();
    }
  };

  const choose = (item: MenuItem) => {
    close();
    item.act();
  };

  if (shown.length === 0) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        class={children ? '' : 'plain'}
        aria-label={children ? undefined : label}
        aria-haspopup="menu"
        aria-expanded="false"
        popovertarget={id}
      >
        {children ?? <Icon name="more" class="dots" />}
      </button>
      <div ref={list} id={id} class="menu" popover="auto" role="menu" aria-label={label} onToggle={toggled} onKeyDown={move}>
        {shown.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            class={item.dangerous ? 'dangerous' : ''}
            aria-disabled={item.refused ? true : undefined}
            onClick={() => (item.refused ? undefined : choose(item))}
          >
            {item.icon && <Icon name={item.icon} />}
            <span>
              {item.label}
              {item.refused && <small>{item.refused}</small>}
            </span>
          </button>
        ))}
      </div>
    </>
  );
}
