import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';

export type Tab = Readonly<{ id: string; label: string; content: ReactNode }>;

type TabbedProps = Readonly<{
  tabs: readonly Tab[];
  /** The one that is open; the first when it is none of them. */
  open: string | undefined;
  /** Called with undefined for the first. */
  onOpen: (id: string | undefined) => void;
}>;

/** Parts of a page, one at a time; the address says which. */
export function Tabbed({ tabs, open, onOpen }: TabbedProps) {
  const first = tabs[0]?.id ?? '';
  const shown = tabs.some(({ id }) => id === open) ? (open ?? first) : first;
  return (
    <Tabs
      value={shown}
      onChange={(id) => onOpen(id === null || id === first ? undefined : id)}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {tabs.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
