import { AppShell, Burger, Button, Group, Kbd, ScrollArea, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useMatches, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { meQuery } from '../api/queries.ts';
import { site } from '../site.ts';
import { Fault, Loading } from '../ui/page.tsx';
import { PersonMenu } from './person-menu.tsx';
import { usePlaces } from './places.ts';
import { Search } from './search.tsx';

/** The frame around every page: who is signed in, where one can go, and the search. */
export function Shell() {
  const me = useQuery(meQuery);
  const [isMenuOpen, menu] = useDisclosure(false);
  const [isSearching, search] = useDisclosure(false);
  // The page that is shown, which a moment long is not yet that of the address.
  const shown = useMatches().at(-1)?.routeId;
  const isOperator = me.data !== undefined && (me.data.role ?? 'user') !== 'user';
  useHotkeys([['mod+K', () => isOperator && search.open()]], []);
  const router = useRouter();
  const { close: closeMenu } = menu;
  // On a phone the menu covers the page that was chosen in it.
  useEffect(() => router.subscribe('onResolved', closeMenu), [router, closeMenu]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
      padding="lg"
      transitionDuration={0}
    >
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger opened={isMenuOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Text fw={650} truncate>
              {site.name}
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {isOperator && (
              <Button
                variant="default"
                size="xs"
                onClick={search.open}
                rightSection={
                  <Kbd size="xs" visibleFrom="sm">
                    Ctrl K
                  </Kbd>
                }
              >
                Search
              </Button>
            )}
            {me.data !== undefined && <PersonMenu me={me.data} />}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <ScrollArea>{isOperator && <Places />}</ScrollArea>
        <Link to="/account" className="nav-link">
          Your account
        </Link>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        {me.isPending && <Loading />}
        <Fault fault={me.error} />
        {me.data !== undefined &&
          (isOperator || shown === '/account' ? <Outlet /> : <Navigate to="/account" />)}
      </AppShell.Main>
      {isOperator && <Search opened={isSearching} onClose={search.close} />}
    </AppShell>
  );
}

function Places() {
  return usePlaces().map(({ to, label }) => (
    <Link key={to} to={to} className="nav-link" activeOptions={{ exact: to === '/' }}>
      {label}
    </Link>
  ));
}
