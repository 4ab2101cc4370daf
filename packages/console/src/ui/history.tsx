import { Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/http.ts';
import { listOf } from '../api/queries.ts';
import { Confirm } from './confirm.tsx';
import { type Column, PagedList } from './list.tsx';
import { Empty } from './page.tsx';
import { Time } from './time.tsx';

/** What something was from one change to the next. A client is told as `metadata`, other things as `value`. */
type Version = Readonly<{
  version: number;
  at: string;
  actor: string | null;
  changed: readonly string[];
  metadata?: Readonly<Record<string, unknown>>;
  value?: Readonly<Record<string, unknown>>;
}>;

const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? 'not set'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

type HistoryProps = Readonly<{
  /** Of what is versioned, below the interface. */
  path: string;
  /** The present one. */
  version: number;
  mayChange: boolean;
  /** What going back leaves as it is. */
  except?: string;
}>;

/** What something was before, and the way back. */
export function History({ path, version: present, mayChange, except }: HistoryProps) {
  const queries = useQueryClient();
  const root = `/${path.split('/')[1] ?? ''}`;
  const list = useInfiniteQuery({
    ...listOf<Version>(`${path}/versions`),
    queryKey: [root, 'versions', path],
  });
  const revert = async ({ version }: Version): Promise<void> => {
    await ask(`${path}/versions/${version}/revert`, { method: 'POST' });
    await queries.invalidateQueries({ queryKey: [root] });
  };
  const back: Column<Version> = {
    head: 'Back',
    cell: (version) =>
      version.version === present ? (
        'This is how it is'
      ) : (
        <Confirm
          action="Go back"
          size="xs"
          title={`Go back to version ${version.version}?`}
          onConfirm={() => revert(version)}
        >
          Everything{except !== undefined && ` but ${except}`} becomes what it was then. That is a new
          version: you can undo it as well.
        </Confirm>
      ),
  };
  return (
    <PagedList
      label="History"
      list={list}
      columns={mayChange ? [...COLUMNS, back] : COLUMNS}
      keyOf={({ version }) => String(version)}
      empty={
        <Empty title="Nothing was changed yet">
          <Text>Each change keeps what was there before, so that it can be undone.</Text>
        </Empty>
      }
    />
  );
}

const COLUMNS: readonly Column<Version>[] = [
  { head: 'Version', cell: ({ version }) => version },
  {
    head: 'What was changed after it',
    cell: ({ changed, metadata, value }) => (
      <Stack gap={2}>
        {changed.map((name) => (
          <Text key={name} size="sm" className="break">
            {name} was {textOf((metadata ?? value)?.[name])}
          </Text>
        ))}
      </Stack>
    ),
  },
  { head: 'By', cell: ({ actor }) => <span className="break">{actor ?? '—'}</span>, wide: true },
  { head: 'When', cell: ({ at }) => <Time at={at} />, wide: true },
];
