import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask, fieldFault } from '../api/http.ts';
import type { Setting } from '../api/settings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Fault } from '../ui/page.tsx';

/** A value in words. */
export const settingText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');

/** What was typed, as a value of the kind that the setting has now. */
function saidBy(text: string, present: unknown): unknown {
  if (typeof present === 'boolean') return text === 'true';
  if (typeof present === 'number') return /^\d+$/.test(text) ? Number(text) : text;
  return text;
}

type ChangeProps = Readonly<{ setting: Setting; etag: string }>;

/** A button that opens the setting to be changed, or to be inherited again. */
export function ChangeSetting({ setting, etag }: ChangeProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={open} aria-label={`Change ${setting.name}`}>
        Change
      </Button>
      <Dialog opened={isOpen} onClose={close} title={setting.name}>
        {isOpen && <SettingForm setting={setting} etag={etag} onDone={close} />}
      </Dialog>
    </>
  );
}

function SettingForm({ setting, etag, onDone }: ChangeProps & Readonly<{ onDone: () => void }>) {
  const { name, value, from } = setting;
  const queries = useQueryClient();
  const [text, setText] = useState(value === null ? '' : settingText(value));
  const saving = useMutation({
    mutationFn: (wanted: unknown) =>
      ask('/settings', { method: 'PATCH', body: { [name]: wanted }, headers: { 'if-match': etag } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['/settings'] });
      onDone();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate(saidBy(text, value));
  };
  const input = {
    label: 'Value',
    value: text,
    error: fieldFault(saving.error, name),
    onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {typeof value === 'boolean' ? (
          <NativeSelect data={['true', 'false']} {...input} />
        ) : (
          <TextInput data-autofocus {...input} />
        )}
        <Fault fault={saving.error} fields={[name]} />
        <Group justify="flex-end">
          {from === 'stored' && (
            <Button variant="default" onClick={() => saving.mutate(null)}>
              Inherit again
            </Button>
          )}
          <Button type="submit" loading={saving.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
