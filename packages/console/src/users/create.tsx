import { Button, Group, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ask, fieldFault } from '../api/http.ts';
import type { User } from '../api/types.ts';
import { Fault, Page } from '../ui/page.tsx';
import { ROLES } from './roles.ts';

const EMPTY = { username: '', name: '', email: '', password: '', role: 'user' };

/** What is sent of the form: what was left empty is left out. */
function bodyOf({ username, name, email, password, role }: typeof EMPTY): object {
  const claims = { ...(name !== '' && { name }), ...(email !== '' && { email }) };
  return { username, role, claims, ...(password !== '' && { password }) };
}

export function NewUserPage() {
  const [values, setValues] = useState(EMPTY);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const creation = useMutation({
    mutationFn: async () => (await ask<User>('/users', { method: 'POST', body: bodyOf(values) })).body,
    onSuccess: async ({ sub }) => {
      void queries.invalidateQueries({ queryKey: ['/users', 'list'] });
      await navigate({ to: '/users/$sub', params: { sub } });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    creation.mutate();
  };
  const field = (name: keyof typeof EMPTY) => ({
    value: values[name],
    error: fieldFault(creation.error, name === 'name' || name === 'email' ? `claims/${name}` : name),
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  return (
    <Page title="Create a user" says="The person signs in with the username and the password.">
      <form onSubmit={submit} noValidate>
        <Stack maw={480}>
          <TextInput label="Username" required autoComplete="off" {...field('username')} />
          <TextInput label="Name" autoComplete="off" {...field('name')} />
          <TextInput label="E-mail" type="email" autoComplete="off" {...field('email')} />
          <PasswordInput
            label="Password"
            description="Leave it empty to set it later; nobody can sign in until then."
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            {...field('password')}
          />
          <NativeSelect
            label="Role"
            description="What the person may do in this console."
            data={ROLES}
            {...field('role')}
          />
          <Fault fault={creation.error} fields={['username', 'password', 'claims', 'role']} />
          <Group>
            <Button type="submit" loading={creation.isPending}>
              Create
            </Button>
            <Link to="/users">Back to the users</Link>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
