// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// Line drawings on a grid of 20, in the colour of the text. Decoration: what they say is written beside them.
const PATHS = {
  overview: 'M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z',
  detections: 'M10 2 3.5 4.500v5c0 4 2.8 7 6.5 8.5 3.7-1.5 6.5-4.5 6.5-8.500v-5zM10 6.500v4M10 13.400v.1',
  directories: 'M3 5.500A1.5 1.5 0 0 1 4.5 4h3.200l2 2h5.800A1.5 1.5 0 0 1 17 7.500v7a1.5 1.5 0 0 1-1.5 1.500h-11A1.5 1.5 0 0 1 3 14.500z',
  posture: 'M7 3.500H4.500v14h11v-14H13M7 2.500h6v3H7zM7 11.500l2.200 2.200 4-4.200',
  people: 'M7.5 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.500c0-2.8 2.5-4.5 5.5-4.500s5.5 1.7 5.5 4.500M13.5 9.500a2.5 2.5 0 1 0-1-4.800M15 12.300c1.8.6 3 2 3 4.2',
  domains: 'M10 17.500a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM2.5 10h15M10 2.500c2 2 3 4.5 3 7.500s-1 5.5-3 7.500c-2-2-3-4.5-3-7.500s1-5.5 3-7.500z',
  connectors: 'M3 7h11M11 4l3 3-3 3M17 13H6M9 10l-3 3 3 3',
  permissions: 'M12.5 11.500a4.5 4.5 0 1 0-4.2-2.900L3 14v3h3v-2h2v-2h1.600l.9-1.700c.6.2 1.3.2 2 .2zM13.5 6.600v-.1',
  notifications: 'M5 8a5 5 0 0 1 10 0c0 4.5 1.8 6 1.8 6H3.200S5 12.5 5 8zM8.3 16.500c.4.7 1 1 1.7 1s1.3-.3 1.7-1',
  audit: 'M5 2.500h7L16 6.500v11H5zM12 2.500v4h4M8 10h5M8 13.500h5',
  accounts: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17c0-3 2.9-5 6.5-5s6.5 2 6.5 5',
  group: 'M7 8.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM13.5 9.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2.5 15.500c0-2.6 2-4.3 4.5-4.300s4.5 1.7 4.5 4.300M13.5 12c2.3 0 4 1.3 4 3.5',
  person: 'M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4.5 16.500c0-2.8 2.4-4.6 5.5-4.600s5.5 1.8 5.5 4.6',
  mailbox: 'M3 5h14v10.500H3zM3 6l7 5.500L17 6',
  shield: 'M10 2 3.5 4.500v5c0 4 2.8 7 6.5 8.5 3.7-1.5 6.5-4.5 6.5-8.500v-5zM7 10l2.2 2.200L13.2 8',
  chevron: 'M7.5 5l5 5-5 5',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  close: 'M5 5l10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  edit: 'M4 16l.8-3.500L13.5 3.800l2.700 2.700-8.700 8.700zM11.5 5.800l2.700 2.700',
  search: 'M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  check: 'M4 10.500l4 4 8-9',
  cross: 'M5 5l10 10M15 5 5 15',
  warning: 'M10 3 2 16.500h16zM10 8.500v3.500M10 14.300v.1',
  out: 'M8 3.500H4v13h4M12.5 6.5 16 10l-3.5 3.500M16 10H8',
  external: 'M11 3.500h5.500V9M16.5 3.5 9 11M14 11.500v5H3.500V6h5',
  copy: 'M7 7h9.500v9.500H7zM4.5 13H3.500V3.500H13v1',
  sync: 'M16 8a6.5 6.5 0 0 0-12-1.500M4 3v3.500h3.500M4 12a6.5 6.5 0 0 0 12 1.500M16 17v-3.500h-3.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, class: extra = '' }: { name: IconName; class?: string }) {
  return (
    <svg class={'icon ' + extra} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
