import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { clientsQuery, usersQuery } from '../api/queries.ts';
import { Dialog } from '../ui/dialog.tsx';
import { usePlaces } from './places.ts';

type Hit = Readonly<{ key: string; kind: string; label: string; to: string }>;

/** Pages that are no place of the menu. */
const MORE = [
  { label: 'Register an application', to: '/applications/new' },
  { label: 'Create a user', to: '/users/new' },
  { label: 'Your account', to: '/account' },
];

/** References are eight digits and letters; they are pasted from an error page. */
const REFERENCE = /^[0-9A-Z]{8}$/i;
const MOST = 6;

/** What fits the text: pages, applications and users by name, and the refusal that bears it as its reference. */
function useHits(text: string): readonly Hit[] {
  const [q] = useDebouncedValue(text.trim(), 150);
  const enabled = q !== '';
  const clients = useInfiniteQuery({ ...clientsQuery(q), enabled });
  const users = useInfiniteQuery({ ...usersQuery(q), enabled });
  const pages = [...usePlaces(), ...MORE]
    .filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))
    .map(({ label, to }) => ({ key: to, kind: 'Page', label, to }));
  if (!enabled) return pages;
  const ofClients = (clients.data?.pages[0]?.items ?? []).slice(0, MOST).map((client) => ({
    key: `client ${client.client_id}`,
    kind: 'Application',
    label: client.client_name ?? client.client_id,
    to: `/applications/${encodeURIComponent(client.client_id)}`,
  }));
  const ofUsers = (users.data?.pages[0]?.items ?? []).slice(0, MOST).map(({ sub, username }) => ({
    key: `user ${sub}`,
    kind: 'User',
    label: username,
    to: `/users/${encodeURIComponent(sub)}`,
  }));
  const reference = {
    key: 'reference',
    kind: 'Refusal',
    label: q.toUpperCase(),
    to: `/refusals/${q.toUpperCase()}`,
  };
  return [...pages, ...ofClients, ...ofUsers, ...(REFERENCE.test(q) ? [reference] : [])];
}

type SearchProps = Readonly<{ opened: boolean; onClose: () => void }>;

export function Search({ opened, onClose }: SearchProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Search" size="lg">
      {opened && <SearchBody onClose={onClose} />}
    </Dialog>
  );
}

function SearchBody({ onClose }: Pick<SearchProps, 'onClose'>) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const hits = useHits(text);
  const at = Math.min(chosen, hits.length - 1);
  const go = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    onClose();
    void navigate({ to: hit.to });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + hits.length) % Math.max(hits.length, 1));
    }
    if (event.key === 'Enter') go(hits[at]);
  };
  return (
    <Stack gap="xs">
      <TextInput
        data-autofocus
        type="search"
        placeholder="An application, a user, a page, or the reference of a refusal"
        aria-label="Search for"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="search-hits"
        aria-activedescendant={hits[at] && `hit-${at}`}
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
      />
      <div role="listbox" id="search-hits" aria-label="Found">
        {hits.map((hit, index) => (
          <HitRow
            key={hit.key}
            hit={hit}
            id={`hit-${index}`}
            isChosen={index === at}
            onChoose={() => go(hit)}
          />
        ))}
      </div>
      {hits.length === 0 && <Text c="dimmed">Nothing bears that name.</Text>}
    </Stack>
  );
}

type HitProps = Readonly<{ hit: Hit; id: string; isChosen: boolean; onChoose: () => void }>;

function HitRow({ hit, id, isChosen, onChoose }: HitProps) {
  return (
    <UnstyledButton
      id={id}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      onClick={onChoose}
      className="nav-link"
      {...(isChosen && { 'data-status': 'active' })}
      w="100%"
    >
      {hit.label}{' '}
      <Text span size="xs" c="dimmed">
        {hit.kind}
      </Text>
    </UnstyledButton>
  );
}
