import { Button, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Answer, ask, fieldFault } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { userPath } from '../api/queries.ts';
import type { User } from '../api/types.ts';
import { Facts } from '../ui/facts.tsx';
import { linesOf } from '../ui/lines.ts';
import { Fault } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { ROLES } from './roles.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is known of a user, with what an operator may change of it. */
export function UserProfile({ found }: Readonly<{ found: Answer<User> }>) {
  const user = found.body;
  const queries = useQueryClient();
  const mayChange = useMay('signet:users:write');
  const [values, setValues] = useState({
    name: textOf(user.claims['name']),
    email: textOf(user.claims['email']),
    role: user.role,
    groups: user.groups.join('\n'),
  });
  const saving = useMutation({
    mutationFn: () => {
      const claims = { name: values.name || null, email: values.email || null };
      const body = {
        claims,
        ...(values.role !== user.role && { role: values.role }),
        ...(values.groups !== user.groups.join('\n') && { groups: linesOf(values.groups) }),
      };
      return ask(userPath(user.sub), { method: 'PATCH', body, headers: { 'if-match': found.etag } });
    },
    onSettled: async () => {
      void queries.invalidateQueries({ queryKey: ['/groups'] });
      await queries.invalidateQueries({ queryKey: ['/users'] });
    },
  });
  const field = (name: keyof typeof values) => ({
    value: values[name],
    error: fieldFault(saving.error, name === 'name' || name === 'email' ? `claims/${name}` : name),
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate();
  };
  const others = Object.entries(user.claims).filter(([name]) => !['name', 'email'].includes(name));
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={560} align="flex-start">
        {!mayChange && <Text c="dimmed">Your role does not change users.</Text>}
        <fieldset className="plain fields" disabled={!mayChange}>
          <TextInput w="100%" label="Name" {...field('name')} />
          <TextInput w="100%" label="E-mail" type="email" {...field('email')} />
          <NativeSelect
            w="100%"
            label="Role"
            description="What the person may do in this console."
            data={ROLES}
            {...field('role')}
          />
          <Textarea w="100%" label="Groups" description="One in each line." rows={3} {...field('groups')} />
        </fieldset>
        <Fault fault={saving.error} fields={['claims', 'role', 'groups']} />
        {mayChange && (
          <Button type="submit" loading={saving.isPending}>
            Save
          </Button>
        )}
        {saving.isSuccess && <Text role="status">Saved.</Text>}
        <Facts
          of={[
            ['sub', user.sub],
            ['Created', <Time key="made" at={user.created_at} />],
            ['Changed', <Time key="changed" at={user.updated_at} />],
            ...others.map(
              ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
            ),
          ]}
        />
      </Stack>
    </form>
  );
}
