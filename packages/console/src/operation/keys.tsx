import { Badge, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { keysQuery } from '../api/queries.ts';
import type { SigningKey } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { ItemTable } from '../ui/list.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Timeline } from './timeline.tsx';

const STATES: Readonly<Record<SigningKey['state'], string>> = {
  next: 'Next: published already, so that everybody knows it when it begins',
  current: 'Current: signs now',
  former: 'Former: only what it signed is still checked with it',
};

/** The keys that sign tokens, and their turn. */
export function KeysPage() {
  const found = useQuery(keysQuery);
  const queries = useQueryClient();
  const mayRotate = useMay('signet:keys:write');
  const rotate = async (): Promise<void> => {
    await ask('/keys/rotate', { method: 'POST', body: {} });
    await queries.invalidateQueries({ queryKey: ['/keys'] });
  };
  const actions = (
    <Confirm action="Rotate now" title="Rotate the signing keys?" onConfirm={rotate}>
      The next key begins to sign. Applications know it already, and what the present key signed stays good
      until it runs out.
    </Confirm>
  );
  return (
    <Page
      title="Keys"
      says="What tokens are signed with. They take turns by themselves."
      actions={mayRotate && actions}
    >
      {found.isPending && <Loading />}
      <Fault fault={found.error} />
      {found.data !== undefined && (
        <>
          <Timeline keys={found.data} />
          <KeyTable keys={found.data} />
        </>
      )}
    </Page>
  );
}

function KeyTable({ keys }: Readonly<{ keys: readonly SigningKey[] }>) {
  return (
    <ItemTable
      label="Keys"
      items={keys}
      keyOf={({ kid }) => kid}
      columns={[
        {
          head: 'Key',
          cell: ({ kid }) => (
            <Text ff="monospace" size="sm" className="break">
              {kid}
            </Text>
          ),
        },
        {
          head: 'Algorithm',
          cell: ({ alg }) => (
            <Badge variant="outline" color="gray" c="dimmed" tt="none">
              {alg}
            </Badge>
          ),
        },
        { head: 'State', cell: ({ state }) => STATES[state] },
        { head: 'Published', cell: ({ published_at }) => <Time at={published_at} />, wide: true },
        { head: 'Signs from', cell: ({ active_from }) => <Time at={active_from} />, wide: true },
        { head: 'Removed', cell: ({ retire_at }) => <Time at={retire_at} />, wide: true },
      ]}
    />
  );
}
