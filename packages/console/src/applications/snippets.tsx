import { Stack, Tabs, Title } from '@mantine/core';
import type { Client } from '../api/types.ts';
import { Snippet } from '../ui/copy.tsx';
import { snippetsFor } from './snippet-texts.ts';

/** Ready lines with this client's values, for the programs that it usually is. */
export function Snippets({ client, secret }: Readonly<{ client: Client; secret?: string | undefined }>) {
  const all = snippetsFor(client, secret);
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        Ready to paste
      </Title>
      <Tabs defaultValue={all[0]?.id ?? null} keepMounted={false}>
        <Tabs.List mb="sm">
          {all.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map(({ id, label, text }) => (
          <Tabs.Panel key={id} value={id}>
            <Snippet label={label} text={text} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}
