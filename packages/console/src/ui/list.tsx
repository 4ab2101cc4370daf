import { Button, Paper, Table, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Page } from '../api/types.ts';
import { Fault, Loading } from './page.tsx';

/** A column; a wide one is left out on a phone. */
export type Column<Item> = Readonly<{ head: string; cell: (item: Item) => ReactNode; wide?: boolean }>;

type TableProps<Item> = Readonly<{
  label: string;
  items: readonly Item[];
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
}>;

export function ItemTable<Item>({ label, items, columns, keyOf }: TableProps<Item>) {
  return (
    // Whoever uses the keyboard scrolls it sideways, too.
    <Paper withBorder className="scroll" tabIndex={0} role="region" aria-label={label}>
      <Table aria-label={label} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ head, wide }) => (
              <Table.Th key={head} className={wide === true ? 'wide' : ''}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={keyOf(item)}>
              {columns.map(({ head, cell, wide }) => (
                <Table.Td key={head} className={wide === true ? 'wide' : ''}>
                  {cell(item)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

type ListProps<Item> = Omit<TableProps<Item>, 'items'> &
  Readonly<{ list: UseInfiniteQueryResult<InfiniteData<Page<Item>>>; empty: ReactNode }>;

/** A list that the server gives page by page: the next page comes when it is asked for. */
export function PagedList<Item>({ list, empty, ...table }: ListProps<Item>) {
  if (list.isPending) return <Loading />;
  if (list.data === undefined) return <Fault fault={list.error} />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <>
      <Fault fault={list.error} />
      <ItemTable {...table} items={items} />
      {list.hasNextPage && (
        <Button
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
          style={{ alignSelf: 'center' }}
        >
          Show more
        </Button>
      )}
    </>
  );
}

type SearchProps = Readonly<{
  label: string;
  value: string | undefined;
  onSearch: (text: string) => void;
}>;

/** Searches at the server, a moment after the last letter. */
export function SearchField({ label, value, onSearch }: SearchProps) {
  const [text, setText] = useState(value ?? '');
  const search = useDebouncedCallback(onSearch, 200);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maw={420}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}
