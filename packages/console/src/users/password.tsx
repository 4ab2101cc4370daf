import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask, fieldFault } from '../api/http.ts';
import { userPath } from '../api/queries.ts';
import type { User } from '../api/types.ts';
import { Fault } from '../ui/page.tsx';

/** A new password, set by an operator. */
export function PasswordForm({ user }: Readonly<{ user: User }>) {
  const [password, setPassword] = useState('');
  const setting = useMutation({
    mutationFn: () => ask(`${userPath(user.sub)}/password`, { method: 'POST', body: { password } }),
    onSuccess: () => setPassword(''),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setting.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480} align="flex-start">
        <Text>All sessions and tokens of {user.username} end when the password is set.</Text>
        <input hidden readOnly type="text" autoComplete="username" value={user.username} />
        <PasswordInput
          w="100%"
          label="New password"
          autoComplete="new-password"
          value={password}
          error={fieldFault(setting.error, 'password')}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Fault fault={setting.error} fields={['password']} />
        <Button type="submit" disabled={password === ''} loading={setting.isPending}>
          Set the password
        </Button>
        {setting.isSuccess && <Text role="status">The new password is set.</Text>}
      </Stack>
    </form>
  );
}
