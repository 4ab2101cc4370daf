import { Code, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { auditQuery } from '../api/queries.ts';
import type { AuditEvent } from '../api/types.ts';
import { type Column, PagedList, SearchField } from '../ui/list.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

/** Who did what, when and from where. */
export function AuditPage() {
  const { q } = useSearch({ from: '/audit' });
  const navigate = useNavigate();
  const list = useInfiniteQuery(auditQuery({ q }));
  return (
    <Page title="Audit" says="Everything that was changed, and by whom, newest first.">
      <SearchField
        label="Search by action, person or subject"
        value={q}
        onSearch={(text) => void navigate({ to: '/audit', search: { q: text }, replace: true })}
      />
      <PagedList
        label="Audit"
        list={list}
        columns={COLUMNS}
        keyOf={({ id }) => String(id)}
        empty={
          <Empty title={q === undefined ? 'Nothing was changed yet' : `No event fits “${q}”`}>
            <Text>Sign-ins, registrations and every change of an operator are kept here.</Text>
          </Empty>
        }
      />
    </Page>
  );
}

const COLUMNS: readonly Column<AuditEvent>[] = [
  {
    head: 'What',
    cell: ({ action, facts }) => (
      <>
        <Text size="sm" fw={600}>
          {action}
        </Text>
        <Details facts={facts} />
      </>
    ),
  },
  {
    head: 'To',
    cell: ({ subject, client_id }) => <Named name={subject} clientId={client_id} />,
  },
  {
    head: 'By',
    cell: ({ actor }) => <Named name={actor} clientId={null} />,
    wide: true,
  },
  { head: 'From', cell: ({ network }) => network ?? '—', wide: true },
  { head: 'When', cell: ({ at }) => <Time at={at} />, wide: true },
];

/** What is told of a change: each name with its value before and after, where both are kept. */
function Details({ facts }: Pick<AuditEvent, 'facts'>) {
  const entries = Object.entries(facts);
  if (entries.length === 0) return null;
  const { before, after } = facts;
  return (
    <details>
      <summary>Details</summary>
      {isRecord(before) || isRecord(after) ? (
        <BeforeAfter before={isRecord(before) ? before : {}} after={isRecord(after) ? after : {}} />
      ) : null}
      {entries
        .filter(([name]) => !['before', 'after'].includes(name))
        .map(([name, value]) => (
          <div key={name}>
            {name}: <Code className="break">{textOf(value)}</Code>
          </div>
        ))}
    </details>
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);

type BeforeAfterProps = Readonly<{
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
}>;

function BeforeAfter({ before, after }: BeforeAfterProps) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => textOf(before[name]) !== textOf(after[name]),
  );
  return names.map((name) => (
    <p key={name} className="characters">
      {name}: <mark className="sent">{textOf(before[name])}</mark> →{' '}
      <mark className="registered">{textOf(after[name])}</mark>
    </p>
  ));
}

const SUB = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whom or what an event names: a person by the beginning of their sub, an application by its client_id. */
function Named({ name, clientId }: Readonly<{ name: string; clientId: string | null }>) {
  if (SUB.test(name)) {
    return (
      <Link to="/users/$sub" params={{ sub: name }} title={name}>
        User {name.slice(0, 8)}
      </Link>
    );
  }
  if (name !== '' && name === clientId) {
    return (
      <Link to="/applications/$clientId" params={{ clientId }} className="break">
        {name}
      </Link>
    );
  }
  return <span className="break">{name === '' ? '—' : name}</span>;
}
