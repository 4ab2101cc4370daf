import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, query } from '../api/http.ts';
import type { Client, Page } from '../api/types.ts';
import { isTrial } from '../try/trial.ts';
import { Fault } from '../ui/page.tsx';
import { exported } from './comparison.ts';

/** Every application that somebody registered, page after page. */
async function everyClient(): Promise<readonly Client[]> {
  const all: Client[] = [];
  let after: string | undefined;
  do {
    const { body }: { body: Page<Client> } = await ask<Page<Client>>(
      `/clients${query({ limit: 200, after })}`,
    );
    all.push(...body.items);
    after = body.next ?? undefined;
  } while (after !== undefined);
  return all.filter(({ source, client_id }) => source !== 'built-in' && !isTrial(client_id));
}

function download(clients: readonly Client[]): void {
  const text = `${JSON.stringify({ clients: clients.map(exported) }, null, 2)}\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'applications.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Applications as a file, to be taken to another installation. */
export function Export() {
  const [chosen, setChosen] = useState<readonly string[]>();
  const reading = useMutation({ mutationFn: everyClient });
  const clients = reading.data ?? [];
  const ids = chosen ?? clients.map(({ client_id }) => client_id);
  return (
    <Stack align="flex-start">
      <Text>A file with what the applications are registered with. Secrets are not in it.</Text>
      <Fault fault={reading.error} />
      {reading.data === undefined ? (
        <Button variant="default" loading={reading.isPending} onClick={() => reading.mutate()}>
          Choose applications
        </Button>
      ) : (
        <>
          <Checkbox.Group label="Applications" value={[...ids]} onChange={setChosen}>
            <Stack gap="xs" mt="xs">
              {clients.map(({ client_id, client_name }) => (
                <Checkbox key={client_id} value={client_id} label={client_name ?? client_id} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Button
            disabled={ids.length === 0}
            onClick={() => download(clients.filter(({ client_id }) => ids.includes(client_id)))}
          >
            Download
          </Button>
        </>
      )}
    </Stack>
  );
}
