import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath, deletedClientsQuery } from '../api/queries.ts';
import { isTrial } from '../try/trial.ts';
import { RemovedLately } from '../ui/removed.tsx';

/** Applications that were removed lately; what was there for a trial does not count. */
export function RemovedApplications() {
  const found = useQuery(deletedClientsQuery);
  const queries = useQueryClient();
  if (!useMay('signet:clients:write')) return null;
  const restore = async (clientId: string): Promise<void> => {
    await ask(`${clientPath(clientId)}/restore`, { method: 'POST' });
    await queries.invalidateQueries({ queryKey: ['/clients'] });
  };
  const removed = (found.data ?? [])
    .filter(({ client_id }) => !isTrial(client_id))
    .map(({ client_id, client_name, deleted_at }) => ({
      id: client_id,
      name: client_name ?? client_id,
      deleted_at,
    }));
  return (
    <RemovedLately
      head="Application"
      items={removed}
      says="It works again with the secret that it had. Its tokens stay ended: people sign in anew."
      onRestore={restore}
    />
  );
}
