import { Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath, deletedClientsQuery } from '../api/queries.ts';
import { isTrial } from '../try/trial.ts';
import { Confirm } from '../ui/confirm.tsx';
import { ItemTable } from '../ui/list.tsx';
import { Time } from '../ui/time.tsx';

/** What was removed in the last 30 days, and the way back. */
export function RemovedLately() {
  const found = useQuery(deletedClientsQuery);
  const queries = useQueryClient();
  const mayRestore = useMay('signet:clients:write');
  const removed = (found.data ?? []).filter(({ client_id }) => !isTrial(client_id));
  if (!mayRestore || removed.length === 0) return null;
  const restore = async (clientId: string): Promise<void> => {
    await ask(`${clientPath(clientId)}/restore`, { method: 'POST' });
    await queries.invalidateQueries({ queryKey: ['/clients'] });
  };
  return (
    <>
      <Title order={2} size="h4">
        Removed lately
      </Title>
      <ItemTable
        label="Removed lately"
        items={removed}
        keyOf={({ client_id, deleted_at }) => `${client_id} ${deleted_at}`}
        columns={[
          { head: 'Application', cell: ({ client_id, client_name }) => client_name ?? client_id },
          { head: 'Removed', cell: ({ deleted_at }) => <Time at={deleted_at} />, wide: true },
          {
            head: 'Back',
            cell: ({ client_id, client_name }) => (
              <Confirm
                action="Bring back"
                size="xs"
                title={`Bring back ${client_name ?? client_id}?`}
                onConfirm={() => restore(client_id)}
              >
                It works again with the secret that it had. Its tokens stay ended: people sign in anew.
              </Confirm>
            ),
          },
        ]}
      />
    </>
  );
}
