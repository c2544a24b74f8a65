// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { findSession, session, write } from './api';
import { asError } from './data';
import { isLive, jobs, openEvents, refreshStatus, status, useEvents } from './events';
import { Accounts } from './pages/accounts';
import { Audit } from './pages/audit';
import { BusinessEmailCompromise } from './pages/bec';
import { Connectors } from './pages/connectors';
import { Detections } from './pages/detections';
import { Directories } from './pages/directories';
import { Domains } from './pages/domains';
import { Notifications } from './pages/notifications';
import { Overview } from './pages/overview';
import { Permissions } from './pages/permissions';
import { Posture } from './pages/posture';
import { Pulls } from './pages/pulls';
import { SetUp, SignIn } from './pages/sign_in';
import { ConfirmHost } from './parts/dialog';
import { Icon, type IconName } from './parts/icons';
import { Menu } from './parts/menu';
import { attempt, Toasts } from './parts/toast';
import { Empty, Loading, Page, Problem } from './parts/ui';
import { Link, navigate, useUrl } from './router';
import { useStore } from './store';
import type { Session } from './types';

interface Place {
  path: string;
  title: string;
  icon: IconName;
  view: ComponentType;
}

const PLACES: { heading: string; places: Place[] }[] = [
  {
    heading: '',
    places: [
      { path: '/', title: 'Overview', icon: 'overview', view: Overview },
      { path: '/detections', title: 'Detections', icon: 'detections', view: Detections },
      { path: '/pulled-messages', title: 'Pulled messages', icon: 'out', view: Pulls },
      { path: '/posture', title: 'Posture', icon: 'posture', view: Posture },
    ],
  },
  {
    heading: 'Settings',
    places: [
      { path: '/settings/directories', title: 'Directories', icon: 'directories', view: Directories },
      {
        path: '/settings/business-email-compromise',
        title: 'Business Email Compromise',
        icon: 'people',
        view: BusinessEmailCompromise,
      },
      { path: '/settings/domains', title: 'Domains', icon: 'domains', view: Domains },
      { path: '/settings/connectors', title: 'Connectors', icon: 'connectors', view: Connectors },
      { path: '/settings/permissions', title: 'Permissions', icon: 'permissions', view: Permissions },
    ],
  },
  {
    heading: 'Records',
    places: [
      { path: '/notifications', title: 'Notifications', icon: 'notifications', view: Notifications },
      { path: '/audit', title: 'Audit', icon: 'audit', view: Audit },
      { path: '/accounts', title: 'Accounts and tokens', icon: 'accounts', view: Accounts },
    ],
  },
];

function NotFound() {
  return (
    <Page title="Nothing here">
      <Empty icon="search" title="There is no page at this address">
        <p>
          <Link href="/">Go to the overview</Link>
        </p>
      </Empty>
    </Page>
  );
}

function Navigation({ path, onFollow }: { path: string; onFollow: () => void }) {
  const known = useStore(status);
  return (
    <nav aria-label="Pages" onClick={onFollow}>
      {PLACES.map(({ heading, places }) => (
        <div class="nav-group" key={heading}>
          {heading && <h2>{heading}</h2>}
          <ul>
            {places.map((place) => (
              <li key={place.path}>
                <Link href={place.path} current={place.path === path}>
                  <Icon name={place.icon} />
                  <span>{place.title}</span>
                  {place.path === '/notifications' && known !== null && known.open_notifications > 0 && (
                    <span class="badge">
                      {known.open_notifications}
                      <span class="unseen"> open</span>
                    </span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Whose({ signedIn }: { signedIn: Session }) {
  const signOut = () =>
    attempt(async () => {
      await write('DELETE', '/session');
      session.set(null);
    });
  return (
    <div class="whose">
      <Menu
        label="Your account"
        items={[
          { label: 'Accounts and tokens', icon: 'accounts', act: () => navigate('/accounts') },
          { label: 'Sign out', icon: 'out', act: () => void signOut() },
        ]}
      >
        <span class="avatar" aria-hidden="true">
          {(signedIn.display_name || signedIn.account).slice(0, 1).toUpperCase()}
        </span>
        <span class="who">
          {signedIn.display_name || signedIn.account}
          <small>{signedIn.role}</small>
        </span>
      </Menu>
    </div>
  );
}

function LiveState() {
  const live = useStore(isLive);
  const running = useStore(jobs).size;
  return (
    <p class={live ? 'live' : 'live away'} role="status">
      {live ? (running > 0 ? `${running} running` : 'Live') : 'Connecting …'}
    </p>
  );
}

function Console({ signedIn }: { signedIn: Session }) {
  const { pathname } = useUrl();
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const place = PLACES.flatMap((group) => group.places).find((each) => each.path === pathname);
  const title = place?.title ?? 'Nothing here';

  useEffect(openEvents, []);
  useEvents('notification', () => void refreshStatus().catch(() => undefined));
  useEffect(() => {
    document.title = title + ' · fromguard';
    // Whoever reads by ear hears of the new page; the first one is begun at its top.
    if (!isFirst.current) main.current?.querySelector('h1')?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [title]);

  // The open menu covers the page: whoever leaves it by keyboard closes it.
  const leave = (event: FocusEvent & { currentTarget: HTMLElement }) => {
    const next = event.relatedTarget;
    if (next instanceof Node && !event.currentTarget.contains(next)) setOpen(false);
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
  };

  const View = place?.view ?? NotFound;
  return (
    <div class={isOpen ? 'frame open' : 'frame'}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="side" onFocusOut={leave} onKeyDown={escape}>
        <div class="brand">
          <Link href="/">
            <Icon name="shield" />
            fromguard
          </Link>
          <button
            type="button"
            class="plain menu-button"
            aria-expanded={isOpen}
            aria-controls="side"
            aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'close' : 'menu'} />
          </button>
        </div>
        <div id="side" class="side-body">
          <Navigation path={pathname} onFollow={() => setOpen(false)} />
          <LiveState />
          <Whose signedIn={signedIn} />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <View key={pathname} />
      </main>
    </div>
  );
}

export function App() {
  const signedIn = useStore(session);
  const { pathname } = useUrl();
  const [failure, setFailure] = useState<Error | null>(null);

  const find = () => {
    setFailure(null);
    findSession().catch((thrown) => setFailure(asError(thrown)));
  };
  useEffect(find, []);

  let view;
  if (failure && !signedIn) view = <Problem error={failure} retry={find} />;
  else if (signedIn === undefined) view = <Loading what="the console" />;
  else if (signedIn === null) view = pathname === '/setup' ? <SetUp /> : <SignIn />;
  else view = <Console key={signedIn.account} signedIn={signedIn} />;
  return (
    <>
      {view}
      <ConfirmHost />
      <Toasts />
    </>
  );
}
