import * as z from 'zod';
import { ADMIN_SCOPES } from '../model/admin-api.ts';
import { USER_ROLES } from '../model/user.ts';
import { type Operation, ok, operation } from './operation.ts';

const me = z.object({
  sub: z.string().nullable().meta({ description: 'The person; null for a client that calls for itself.' }),
  username: z.string().nullable(),
  role: z.enum(USER_ROLES).nullable(),
  client_id: z.string(),
  permissions: z
    .array(z.enum(ADMIN_SCOPES))
    .meta({ description: 'What the token, the registration of the client and the role all allow.' }),
});

export const ME: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/me',
    id: 'getMe',
    summary: 'Who calls, and what they may do',
    needs: 'token',
    answers: { status: 200, description: 'The caller.', schema: me.meta({ id: 'Me' }) },
    work: async ({ caller: { user, client, powers } }) =>
      ok({
        sub: user?.sub ?? null,
        username: user?.username ?? null,
        role: user?.role ?? null,
        client_id: client.metadata.client_id,
        permissions: powers,
      }),
  }),
];
