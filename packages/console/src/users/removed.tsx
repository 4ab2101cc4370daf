import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { deletedUsersQuery, userPath } from '../api/queries.ts';
import { RemovedLately } from '../ui/removed.tsx';

/** People who were removed lately. */
export function RemovedUsers() {
  const found = useQuery(deletedUsersQuery);
  const queries = useQueryClient();
  if (!useMay('signet:users:write')) return null;
  const restore = async (sub: string): Promise<void> => {
    await ask(`${userPath(sub)}/restore`, { method: 'POST' });
    await queries.invalidateQueries({ queryKey: ['/users'] });
  };
  return (
    <RemovedLately
      head="User"
      items={(found.data ?? []).map(({ sub, username, deleted_at }) => ({
        id: sub,
        name: username,
        deleted_at,
      }))}
      says="The person can sign in again with the password that they had. Sessions and tokens stay ended."
      onRestore={restore}
    />
  );
}
