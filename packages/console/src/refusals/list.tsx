import { Switch, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { refusalsQuery } from '../api/queries.ts';
import type { Refusal } from '../api/types.ts';
import { type Column, PagedList, SearchField } from '../ui/list.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

const COLUMNS: readonly Column<Refusal>[] = [
  {
    head: 'What was refused',
    cell: ({ reference, says, rule }) => (
      <>
        <Link to="/refusals/$reference" params={{ reference }} className="row-link">
          {says ?? rule}
        </Link>
        <Text size="sm" c="dimmed" ff="monospace">
          {reference}
        </Text>
      </>
    ),
  },
  {
    head: 'Application',
    cell: ({ client_id }) => (
      <Text size="sm" className="break">
        {client_id ?? 'unknown'}
      </Text>
    ),
  },
  { head: 'Where', cell: ({ endpoint }) => endpoint, wide: true },
  { head: 'When', cell: ({ at }) => <Time at={at} />, wide: true },
];

/** References are eight digits and letters, without those that are easily taken for others. */
const REFERENCE = /^[0-9A-Z]{8}$/i;

const LIVE_MS = 3_000;
const SAYS =
  'Every request that broke a rule in the last week, newest first. The reference is on the page that the person saw.';

/** What was refused lately; new ones appear by themselves. */
export function RefusalsPage() {
  const { q } = useSearch({ from: '/refusals' });
  const [isLive, setLive] = useState(true);
  const navigate = useNavigate();
  const list = useInfiniteQuery({ ...refusalsQuery({ client_id: q }), refetchInterval: isLive && LIVE_MS });
  const search = (text: string): void =>
    REFERENCE.test(text)
      ? void navigate({ to: '/refusals/$reference', params: { reference: text.toUpperCase() } })
      : void navigate({ to: '/refusals', search: { q: text }, replace: true });
  return (
    <Page
      title="Refusals"
      says={SAYS}
      actions={
        <Switch label="Live" checked={isLive} onChange={(event) => setLive(event.currentTarget.checked)} />
      }
    >
      <SearchField label="The reference on the page, or a client_id" value={q} onSearch={search} />
      <PagedList
        label="Refusals"
        list={list}
        columns={COLUMNS}
        keyOf={({ reference }) => reference}
        empty={
          <Empty title={q === undefined ? 'Nothing was refused lately' : `No refusal fits “${q}”`}>
            <Text>
              When a sign-in fails because of how an application is set up, it appears here with its reason.
            </Text>
          </Empty>
        }
      />
    </Page>
  );
}
