import { Title } from '@mantine/core';
import { Confirm } from './confirm.tsx';
import { ItemTable } from './list.tsx';
import { Time } from './time.tsx';

type Removed = Readonly<{ id: string; name: string; deleted_at: string }>;

type RemovedProps = Readonly<{
  head: string;
  items: readonly Removed[];
  /** What coming back means. */
  says: string;
  onRestore: (id: string) => Promise<void>;
}>;

/** What was removed in the last 30 days, and the way back. */
export function RemovedLately({ head, items, says, onRestore }: RemovedProps) {
  if (items.length === 0) return null;
  return (
    <>
      <Title order={2} size="h4">
        Removed lately
      </Title>
      <ItemTable
        label="Removed lately"
        items={items}
        keyOf={({ id, deleted_at }) => `${id} ${deleted_at}`}
        columns={[
          { head, cell: ({ name }) => name },
          { head: 'Removed', cell: ({ deleted_at }) => <Time at={deleted_at} />, wide: true },
          {
            head: 'Back',
            cell: ({ id, name }) => (
              <Confirm
                action="Bring back"
                size="xs"
                title={`Bring back ${name}?`}
                onConfirm={() => onRestore(id)}
              >
                {says}
              </Confirm>
            ),
          },
        ]}
      />
    </>
  );
}
