import { Code, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../api/permission.ts';
import { type Setting, settingsQuery } from '../api/settings.ts';
import { History } from '../ui/history.tsx';
import { type Column, ItemTable } from '../ui/list.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { ChangeSetting, settingText } from './setting-dialog.tsx';

const SOURCES: Readonly<Record<string, string>> = {
  profile: 'the profile',
  configuration: 'the configuration',
  stored: 'an administrator',
};

/** Who says so; of what is fixed, the file or environment variable that has to be changed. */
function Source({ setting: { from, origin } }: Readonly<{ setting: Setting }>) {
  return (
    <>
      {SOURCES[from] ?? from}
      {typeof origin === 'string' && (
        <Text size="sm" c="dimmed" className="break">
          {origin}
        </Text>
      )}
    </>
  );
}

const COLUMNS: readonly Column<Setting>[] = [
  { head: 'Setting', cell: ({ name }) => <Code className="break">{name}</Code> },
  {
    head: 'Value',
    cell: ({ value }) => <Code className="break">{settingText(value)}</Code>,
  },
  { head: 'Said by', cell: (setting) => <Source setting={setting} />, wide: true },
];

const SAYS = 'The values in force. What the configuration file or the environment says is changed there.';

/** What the provider works with, and where each value comes from. */
export function SettingsPage() {
  const found = useQuery(settingsQuery);
  const mayChange = useMay('signet:settings:write');
  const [text, setText] = useState('');
  const settings = (found.data?.body.items ?? []).filter(({ name }) =>
    name.toLowerCase().includes(text.toLowerCase()),
  );
  const change: Column<Setting> = {
    head: 'Change',
    cell: (setting) =>
      setting.writable === true && <ChangeSetting setting={setting} etag={found.data?.etag ?? ''} />,
  };
  return (
    <Page title="Settings" says={SAYS}>
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
          columns={mayChange ? [...COLUMNS, change] : COLUMNS}
        />
      )}
      <History
        path="/settings"
        version={Number(found.data?.etag.replaceAll('"', '') ?? 0)}
        mayChange={mayChange}
      />
    </Page>
  );
}
