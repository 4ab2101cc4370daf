import { Alert, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { CreatedClient } from '../api/types.ts';
import { site } from '../site.ts';
import { CopyField } from '../ui/copy.tsx';
import { Page } from '../ui/page.tsx';
import { Snippets } from './snippets.tsx';

/** The end of the wizard: the secret, once, and what to put into the application. */
export function Registered({ client }: Readonly<{ client: CreatedClient }>) {
  const { client_id, client_name, client_secret } = client;
  // It takes the place of a form whose end the person has just seen.
  useEffect(() => {
    scrollTo(0, 0);
  }, []);
  return (
    <Page
      title={`${client_name ?? client_id} is registered`}
      says="It can be used from now on. Put these values into the application."
      actions={
        <Link to="/applications/$clientId" params={{ clientId: client_id }}>
          Open its page
        </Link>
      }
    >
      <Paper withBorder p="md">
        <Stack>
          <CopyField label="Issuer" value={site.issuer} />
          <CopyField label="Client ID" value={client_id} />
          {client_secret !== undefined && <Secret secret={client_secret} />}
        </Stack>
      </Paper>
      <Snippets client={client} secret={client_secret} />
    </Page>
  );
}

/** A secret, which is shown this once. */
export function Secret({ secret }: Readonly<{ secret: string }>) {
  return (
    <Stack gap="xs">
      <CopyField label="Client secret" value={secret} />
      <Alert color="yellow" variant="outline" p="xs">
        <Text size="sm">
          Copy the secret now: it is not kept in a readable form and cannot be shown again. When it gets lost,
          a new one can be made.
        </Text>
      </Alert>
    </Stack>
  );
}
