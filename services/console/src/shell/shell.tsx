import { AppShell, Burger, Kbd } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Live } from '../live/live.js';
import { LiveIndicator } from './live-indicator.js';
import { Nav } from './nav.js';
import { NAV, SETTINGS } from './nav-entries.js';
import classes from './shell.module.css';
import { focusSearch } from './shortcuts/focus-search.js';
import { useShortcuts } from './shortcuts/use-shortcuts.js';
import { UserMenu } from './user-menu.js';

const Palette = lazy(() => import('./palette/palette.js'));
const ShortcutList = lazy(() => import('./shortcuts/shortcut-list.js'));

export function Shell() {
  const navigate = useNavigate();
  const [isMenuOpen, menu] = useDisclosure(false);
  const [isHelpOpen, help] = useDisclosure(false);
  // How often it was asked for: the palette is loaded with the first time.
  const [asked, setAsked] = useState(0);
  const openPalette = () => setAsked((count) => count + 1);

  useShortcuts({
    '/': () => focusSearch() || openPalette(),
    '?': help.open,
    'mod+k': openPalette,
    ...Object.fromEntries(
      [...NAV, ...SETTINGS].flatMap(({ to, key }) =>
        key === undefined ? [] : [[`g ${key}`, () => void navigate({ to })]],
      ),
    ),
  });

  return (
    <Live>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <AppShell
        header={{ height: 52 }}
        navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
        padding="md"
      >
        <AppShell.Header>
          <div className={classes.header}>
            <Burger
              opened={isMenuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
            />
            <Link to="/" className={classes.brand}>
              <img src="/tocsin.svg" alt="" width={24} height={24} />
              <span>Tocsin</span>
            </Link>
            <button
              type="button"
              className={classes.search}
              onClick={openPalette}
              aria-label="Search or go to… Ctrl K"
            >
              <Search size={15} aria-hidden />
              <span>Search or go to…</span>
              <Kbd size="xs">Ctrl K</Kbd>
            </button>
            <LiveIndicator />
            <UserMenu onShortcuts={help.open} />
          </div>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label="Pages">
          <Nav onGo={menu.close} />
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
          <div className={classes.main}>
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
      <Suspense>
        {asked > 0 && <Palette asked={asked} />}
        {isHelpOpen && <ShortcutList onClose={help.close} />}
      </Suspense>
    </Live>
  );
}
