import { Button, Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useMay } from '../api/permission.ts';
import { resourcesQuery } from '../api/settings.ts';
import type { Client } from '../api/types.ts';
import { API } from '../site.ts';
import { Fault } from '../ui/page.tsx';
import { abandonTrial, beginTrial, type Wish } from './flow.ts';
import { removeLeftovers } from './trial.ts';

/** Plays the sign-in of an application with oneself as the person. */
export function TryTab({ client }: Readonly<{ client: Client }>) {
  const may = useMay('signet:clients:write');
  if (!may) return <Text>It takes an administrator: the console registers a client for the trial.</Text>;
  if (client.disabled === true) return <Text>The application is disabled: everything is refused to it.</Text>;
  return client.grant_types.includes('authorization_code') ? (
    <TryForm client={client} />
  ) : (
    <Text>People do not sign in to it. How it gets its tokens is shown by curl under Connect.</Text>
  );
}

async function removeOld(): Promise<null> {
  await abandonTrial();
  await removeLeftovers();
  return null;
}

/** Scopes of the administration are not tried. */
const usualScope = ({ scope = 'openid profile email' }: Client): string =>
  scope
    .split(' ')
    .filter((one) => !one.startsWith('signet:'))
    .join(' ');

function TryForm({ client }: Readonly<{ client: Client }>) {
  const [wish, setWish] = useState<Wish>({ scope: usualScope(client), resource: '', asksConsent: false });
  const trial = useMutation({ mutationFn: () => beginTrial(client, wish) });
  useQuery({ queryKey: ['trial', 'leftovers'], queryFn: removeOld });
  const begin = (event: FormEvent): void => {
    event.preventDefault();
    trial.mutate();
  };
  return (
    <form onSubmit={begin}>
      <Stack maw={640} align="flex-start">
        <Text>
          Goes through the sign-in as you, at once and in this tab, and shows every step, the tokens, and why
          each claim is in them. A client like this one is registered for it and removed at the end.
        </Text>
        <TextInput
          w="100%"
          label="Scopes"
          description="What the application would ask for."
          value={wish.scope}
          onChange={(event) => setWish({ ...wish, scope: event.currentTarget.value })}
        />
        <ResourceChoice
          client={client}
          value={wish.resource}
          onChange={(resource) => setWish({ ...wish, resource })}
        />
        <Checkbox
          label="Ask for consent, even where it was given or is not needed"
          checked={wish.asksConsent}
          onChange={(event) => setWish({ ...wish, asksConsent: event.currentTarget.checked })}
        />
        {client.subject_type === 'pairwise' && (
          <Text c="dimmed">The real application gets another sub: its subjects are pairwise.</Text>
        )}
        <Fault fault={trial.error} />
        <Button type="submit" loading={trial.isPending || trial.isSuccess}>
          Try the sign-in
        </Button>
      </Stack>
    </form>
  );
}

type ResourceChoiceProps = Readonly<{ client: Client; value: string; onChange: (resource: string) => void }>;

function ResourceChoice({ client, value, onChange }: ResourceChoiceProps) {
  const found = useQuery(resourcesQuery);
  const known = (found.data ?? []).filter(
    ({ resource }) => resource !== API && client.resources?.includes(resource) !== false,
  );
  if (known.length === 0) return null;
  return (
    <NativeSelect
      w="100%"
      label="API that the access token is for"
      value={value}
      data={[{ value: '', label: 'None in particular' }, ...known.map(({ resource }) => resource)]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
