import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask, fieldFault } from '../api/http.ts';
import type { Account } from '../api/types.ts';
import { Fault } from '../ui/page.tsx';

/** What people may say of themselves: nothing that an application would take as proven. */
const FIELDS = [
  ['name', 'Name'],
  ['given_name', 'Given name'],
  ['family_name', 'Family name'],
  ['nickname', 'Nickname'],
  ['locale', 'Language'],
  ['zoneinfo', 'Time zone'],
] as const;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function OwnProfile({ account }: Readonly<{ account: Account }>) {
  const queries = useQueryClient();
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(FIELDS.map(([name]) => [name, textOf(account.claims[name])])),
  );
  const saving = useMutation({
    mutationFn: () => {
      const changed = FIELDS.filter(([name]) => values[name] !== textOf(account.claims[name]));
      const claims = Object.fromEntries(changed.map(([name]) => [name, values[name] || null]));
      return ask('/account', { method: 'PATCH', body: { claims } });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/account', 'profile'] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480} align="flex-start">
        {FIELDS.map(([name, label]) => (
          <TextInput
            key={name}
            w="100%"
            label={label}
            value={values[name] ?? ''}
            error={fieldFault(saving.error, `claims/${name}`)}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
        <TextInput
          w="100%"
          label="E-mail"
          readOnly
          description="An administrator can change it."
          value={textOf(account.claims['email'])}
        />
        <Fault fault={saving.error} fields={['claims']} />
        <Button type="submit" loading={saving.isPending}>
          Save
        </Button>
        {saving.isSuccess && <Text role="status">Saved.</Text>}
      </Stack>
    </form>
  );
}
