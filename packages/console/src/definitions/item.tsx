import { Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type Answer, ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { oneOf } from '../api/queries.ts';
import { NotFound } from '../shell/trouble.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { History } from '../ui/history.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { type Tab, Tabbed } from '../ui/tabs.tsx';
import { DefinitionForm } from './form.tsx';
import { keeperOf } from './keeper.ts';
import { definitionKind, type Item, itemPath, type Kind, nameOf } from './kinds.ts';
import { Members } from './members.tsx';

/** One scope, resource or group. */
export function DefinitionPage() {
  const { definitions, name } = useParams({ from: '/$definitions/$name' });
  const kind = definitionKind(definitions);
  return kind === undefined ? <NotFound /> : <Found key={name} kind={kind} name={name} />;
}

function Found({ kind, name }: Readonly<{ kind: Kind; name: string }>) {
  const found = useQuery(oneOf<Item>(itemPath(kind, name)));
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Fault fault={found.error} />;
  return <Shown kind={kind} found={found.data} />;
}

/** Why this one cannot be changed by the person at the page, or undefined. */
function useReason(kind: Kind, item: Item): string | undefined {
  const may = useMay(kind.write);
  if (!may) return 'Your role does not change this.';
  return item['source'] === 'profile'
    ? 'It belongs to the profile of the provider, and stays as it is.'
    : undefined;
}

function Shown({ kind, found }: Readonly<{ kind: Kind; found: Answer<Item> }>) {
  const { tab } = useSearch({ from: '/$definitions/$name' });
  const navigate = useNavigate();
  const item = found.body;
  const name = nameOf(kind, item);
  const reason = useReason(kind, item);
  const path = itemPath(kind, name);
  const tabs: readonly Tab[] = [
    {
      id: 'settings',
      label: 'Settings',
      content: <DefinitionForm key={found.etag} kind={kind} found={found} reason={reason} />,
    },
    kind.id === 'groups'
      ? { id: 'members', label: 'People', content: <Members name={name} mayChange={reason === undefined} /> }
      : {
          id: 'history',
          label: 'History',
          content: (
            <History
              path={path}
              version={typeof item['version'] === 'number' ? item['version'] : 0}
              mayChange={reason === undefined}
            />
          ),
        },
  ];
  const onOpen = (to: string | undefined): void =>
    void navigate({
      to: '/$definitions/$name',
      params: { definitions: kind.id, name },
      search: to === undefined ? {} : { tab: to },
      replace: true,
    });
  return (
    <Page
      title={name}
      {...(item['source'] !== undefined && { says: `Kept by ${keeperOf(item['source'])}.` })}
      actions={reason === undefined && <Removal kind={kind} name={name} />}
    >
      <Tabbed tabs={tabs} open={tab} onOpen={onOpen} />
    </Page>
  );
}

function Removal({ kind, name }: Readonly<{ kind: Kind; name: string }>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = async (): Promise<void> => {
    await ask(itemPath(kind, name), { method: 'DELETE' });
    void queries.invalidateQueries({ queryKey: [`/${kind.id}`, 'list'] });
    await navigate({ to: '/$definitions', params: { definitions: kind.id } });
  };
  return (
    <Confirm action="Remove" title={`Remove ${name}?`} danger onConfirm={remove}>
      <Text>{kind.removal}</Text>
    </Confirm>
  );
}
