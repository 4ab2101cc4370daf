import { Alert, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath, clientQuery } from '../api/queries.ts';
import type { Client, Refusal } from '../api/types.ts';
import { redirectFault } from '../applications/redirect-check.ts';
import { Confirm } from '../ui/confirm.tsx';

/** The rules whose remedy is to register the very text that was sent. */
const REGISTERS: Readonly<Record<string, 'redirect_uris' | 'post_logout_redirect_uris'>> = {
  'redirect-uri.unregistered': 'redirect_uris',
  'logout.redirect-uri': 'post_logout_redirect_uris',
};

type ApplyFixProps = Readonly<{ refusal: Refusal; sent: string }>;

/** One click that registers what was sent, where that can be right. */
export function ApplyFix({ refusal, sent }: ApplyFixProps) {
  const list = REGISTERS[refusal.rule];
  const clientId = refusal.client_id;
  if (list === undefined || clientId === null) return null;
  return <Register clientId={clientId} list={list} sent={sent} />;
}

type RegisterProps = Readonly<{
  clientId: string;
  list: 'redirect_uris' | 'post_logout_redirect_uris';
  sent: string;
}>;

function Register({ clientId, list, sent }: RegisterProps) {
  const queries = useQueryClient();
  const found = useQuery(clientQuery(clientId));
  const [done, setDone] = useState(false);
  const may = useMay('signet:clients:write');
  const client = found.data?.body;
  if (done || client?.[list].includes(sent) === true) {
    return (
      <Text fw={600} role="status">
        It is registered now: the next attempt will not fail for this reason.
      </Text>
    );
  }
  if (client === undefined || !may) return null;
  const fault = redirectFault(sent, client.application_type);
  if (fault !== undefined) return <Text>It cannot be registered as it is. {fault}</Text>;
  const register = async (): Promise<void> => {
    // Read anew: what was added meanwhile is not lost, and the version says so if it changes once more.
    const now = await ask<Client>(clientPath(clientId));
    const body = { [list]: [...now.body[list], sent] };
    await ask(clientPath(clientId), { method: 'PATCH', body, headers: { 'if-match': now.etag } });
    setDone(true);
    await queries.invalidateQueries({ queryKey: ['/clients'] });
  };
  return (
    <Confirm
      action="Register this address"
      variant="filled"
      title={`Register it for ${client.client_name ?? clientId}?`}
      onConfirm={register}
    >
      <Text className="break" ff="monospace" mb="sm">
        {sent}
      </Text>
      {isElsewhere(sent, client) ? (
        <Alert color="yellow" variant="outline" title="Is this address yours?">
          No registered address of this application is at {new URL(sent).host || sent}. Whoever is there could
          sign in as your people. Attackers send such requests as well.
        </Alert>
      ) : (
        'It is at a host that is registered for this application already.'
      )}
    </Confirm>
  );
}

/** Whether no registered address is at the same scheme and host. */
const isElsewhere = (sent: string, { redirect_uris, post_logout_redirect_uris }: Client): boolean =>
  [...redirect_uris, ...post_logout_redirect_uris].every(
    (uri) => !URL.canParse(uri) || placeOf(uri) !== placeOf(sent),
  );

const placeOf = (text: string): string => {
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
};
