import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { User } from '../api/types.ts';
import { Claims } from '../try/claims.tsx';
import { previewQuery } from '../try/reasons.ts';
import { Fault, Loading } from '../ui/page.tsx';

const KINDS = [
  ['id_token', 'ID token'],
  ['access_token', 'Access token'],
  ['userinfo', 'Userinfo'],
] as const;

/** What an application would be told of a user; nothing is issued. */
export function PreviewTab({ user }: Readonly<{ user: User }>) {
  const [wish, setWish] = useState({ client_id: '', scope: 'openid profile email' });
  const [asked, setAsked] = useState(wish);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(wish);
  };
  const field = (name: keyof typeof wish) => ({
    value: wish[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) =>
      setWish({ ...wish, [name]: event.currentTarget.value }),
  });
  return (
    <Stack>
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput label="Application (client_id)" {...field('client_id')} />
          <TextInput label="Scopes" {...field('scope')} />
          <Button type="submit" disabled={wish.client_id === ''}>
            Show
          </Button>
        </Group>
      </form>
      {asked.client_id === '' ? (
        <Text c="dimmed">Nothing is issued: this only says what would be.</Text>
      ) : (
        <Preview sub={user.sub} {...asked} />
      )}
    </Stack>
  );
}

function Preview({ sub, client_id, scope }: Readonly<{ sub: string; client_id: string; scope: string }>) {
  const found = useQuery(previewQuery(sub, client_id.trim(), scope));
  if (found.isPending) return <Loading />;
  const { data } = found;
  if (data === undefined) return <Fault fault={found.error} />;
  return KINDS.map(([kind, title]) => {
    const told = Object.entries(data[kind]);
    return (
      <Stack key={kind} gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Claims
          label={title}
          claims={Object.fromEntries(told.map(([name, { value }]) => [name, value]))}
          reasons={Object.fromEntries(told.map(([name, { why }]) => [name, why]))}
        />
      </Stack>
    );
  });
}
