import { Code, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { settingsQuery } from '../api/settings.ts';
import { ItemTable } from '../ui/list.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';

/** What the provider works with, and where each value comes from. */
export function SettingsPage() {
  const found = useQuery(settingsQuery);
  const [text, setText] = useState('');
  const settings = (found.data ?? []).filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  return (
    <Page
      title="Settings"
      says="The values in force. They are set in the configuration file or the environment."
    >
      <TextInput
        type="search"
        aria-label="Search settings"
        placeholder="Search settings"
        maw={420}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {found.isPending && <Loading rows={8} />}
      <Fault fault={found.error} />
      {found.data !== undefined && (
        <ItemTable
          label="Settings"
          items={settings}
          keyOf={({ name }) => name}
          columns={[
            { head: 'Setting', cell: ({ name }) => <Code className="break">{name}</Code> },
            {
              head: 'Value',
              cell: ({ value }) => (
                <Code className="break">{typeof value === 'string' ? value : JSON.stringify(value)}</Code>
              ),
            },
            {
              head: 'Set by',
              cell: ({ from }) => (from === 'profile' ? 'the profile' : 'the configuration'),
              wide: true,
            },
          ]}
        />
      )}
    </Page>
  );
}
