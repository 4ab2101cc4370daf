import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMay } from '../api/permission.ts';
import { wholeListOf } from '../api/queries.ts';
import { NotFound } from '../shell/trouble.tsx';
import { type Column, PagedList } from '../ui/list.tsx';
import { Empty, Page } from '../ui/page.tsx';
import { keeperOf } from './keeper.ts';
import { definitionKind, type Item, type Kind, nameOf, textOf } from './kinds.ts';

/** All scopes, resources or groups. */
export function DefinitionsPage() {
  const { definitions } = useParams({ from: '/$definitions' });
  const kind = definitionKind(definitions);
  return kind === undefined ? <NotFound /> : <Definitions key={kind.id} kind={kind} />;
}

function Definitions({ kind }: Readonly<{ kind: Kind }>) {
  const list = useInfiniteQuery(wholeListOf<Item>(`/${kind.id}`));
  return (
    <Page title={kind.title} says={kind.says} actions={<NewButton kind={kind} />}>
      <PagedList
        label={kind.title}
        list={list}
        columns={columnsOf(kind)}
        keyOf={(item) => nameOf(kind, item)}
        empty={
          <Empty title={`There is no ${kind.one} yet`}>
            <Text>{kind.empty}</Text>
            <NewButton kind={kind} />
          </Empty>
        }
      />
    </Page>
  );
}

function NewButton({ kind }: Readonly<{ kind: Kind }>) {
  const navigate = useNavigate();
  if (!useMay(kind.write)) return null;
  return (
    <Button onClick={() => void navigate({ to: '/$definitions/new', params: { definitions: kind.id } })}>
      Add {kind.one === 'API' ? 'an API' : `a ${kind.one}`}
    </Button>
  );
}

const columnsOf = (kind: Kind): readonly Column<Item>[] => [
  {
    head: kind.key.label,
    cell: (item) => (
      <Link
        to="/$definitions/$name"
        params={{ definitions: kind.id, name: nameOf(kind, item) }}
        className="row-link break"
      >
        {nameOf(kind, item)}
      </Link>
    ),
  },
  {
    head: kind.fields.find(({ name }) => name === kind.beside)?.label ?? '',
    cell: (item) => <span className="break">{textOf(item[kind.beside])}</span>,
  },
  ...(kind.id === 'groups'
    ? [{ head: 'People', cell: (item: Item) => textOf(item['members']), wide: true }]
    : []),
  { head: 'Kept by', cell: (item) => keeperOf(item['source']), wide: true },
];
