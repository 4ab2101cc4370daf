import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ask, fieldFault } from '../api/http.ts';
import { signIn } from '../session.ts';
import { Fault } from '../ui/page.tsx';

const EMPTY = { current: '', password: '', again: '' };

/** A new password of one's own, proved by the present one. */
export function OwnPassword({ username }: Readonly<{ username: string }>) {
  const [values, setValues] = useState(EMPTY);
  const setting = useMutation({
    mutationFn: () => {
      const { current, password } = values;
      return ask('/account/password', { method: 'POST', body: { current_password: current, password } });
    },
    onSuccess: () => setValues(EMPTY),
  });
  const differs = values.again !== '' && values.again !== values.password;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (values.again === values.password) setting.mutate();
  };
  const field = (name: keyof typeof EMPTY) => ({
    w: '100%',
    value: values[name],
    visibilityToggleButtonProps: { 'aria-label': 'Show it' },
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480} align="flex-start">
        <Text>
          When the password changes, you are signed out everywhere, here as well, and sign in with the new
          one.
        </Text>
        <input hidden readOnly type="text" autoComplete="username" value={username} />
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          error={fieldFault(setting.error, 'current_password')}
          {...field('current')}
        />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          error={fieldFault(setting.error, 'password')}
          {...field('password')}
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          error={differs && 'This is not the same as above.'}
          {...field('again')}
        />
        <Fault fault={setting.error} fields={['current_password', 'password']} />
        <Button
          type="submit"
          disabled={values.password === '' || values.again !== values.password}
          loading={setting.isPending}
        >
          Change the password
        </Button>
        {setting.isSuccess && (
          <Text role="status">
            Your new password is set.{' '}
            <Button variant="default" size="xs" onClick={() => void signIn()}>
              Sign in again
            </Button>
          </Text>
        )}
      </Stack>
    </form>
  );
}
