import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Answer, ApiError, ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath } from '../api/queries.ts';
import type { Client } from '../api/types.ts';
import { Fault } from '../ui/page.tsx';
import { AccessFields, PeopleFields } from './access-fields.tsx';
import { AddressFields, BasicFields, type FieldsProps, SignInFields, TokenFields } from './fields.tsx';
import { changedNames, FIELDS, type FormValues, patchOf, valuesOf } from './form-values.ts';
import { redirectFault } from './redirect-check.ts';

type ClientFormProps = Readonly<{ found: Answer<Client> }>;

/** What the application is registered with, to be changed; saved only over the version that was read. */
export function ClientForm({ found }: ClientFormProps) {
  const { body: client } = found;
  const queries = useQueryClient();
  const reason = useReason(client);
  const [etag, setEtag] = useState(found.etag);
  const [before, setBefore] = useState(() => valuesOf(client));
  const [values, setValues] = useState(before);
  const saving = useMutation({
    mutationFn: () => {
      const body = patchOf(client, before, values);
      return ask<Client>(clientPath(client.client_id), {
        method: 'PATCH',
        body,
        headers: { 'if-match': etag },
      });
    },
    onSuccess: async ({ body, etag: newTag }) => {
      setEtag(newTag);
      setBefore(valuesOf(body));
      setValues(valuesOf(body));
      await queries.invalidateQueries({ queryKey: ['/clients'] });
    },
  });
  const changed = changedNames(before, values);
  const isConflict = saving.error instanceof ApiError && saving.error.problem.status === 412;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate();
  };
  /** Puts the own changes on top of what is there now. */
  const rebase = (now: Answer<Client>): void => {
    const theirs = valuesOf(now.body);
    const mine = Object.fromEntries(changed.map((name) => [name, values[name]]));
    setEtag(now.etag);
    setBefore(theirs);
    setValues({ ...theirs, ...mine });
    saving.reset();
  };
  const fields = {
    client,
    values,
    set: (part: Partial<FormValues>) => setValues({ ...values, ...part }),
    fault: saving.error,
  };
  // What is registered already may be older than the rules, or allowed by the profile: only new addresses are judged here.
  const known = [...before.redirect_uris, ...before.post_logout_redirect_uris];
  const isWrong = [...values.redirect_uris, ...values.post_logout_redirect_uris].some(
    (uri) => uri !== '' && !known.includes(uri) && redirectFault(uri, client.application_type) !== undefined,
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={720} gap="lg">
        <Fields {...fields} reason={reason} />
        {isConflict ? (
          <Conflict client={client} before={before} onRebase={rebase} />
        ) : (
          <Fault fault={saving.error} fields={FIELDS} />
        )}
        {reason === undefined && (
          <SaveBar
            count={changed.length}
            isSaving={saving.isPending}
            isWrong={isWrong}
            isSaved={saving.isSuccess}
            onReset={() => setValues(before)}
          />
        )}
      </Stack>
    </form>
  );
}

/** Why the person at the page cannot change the application, or undefined. */
function useReason({ source }: Client): string | undefined {
  const may = useMay('signet:clients:write');
  if (source === 'built-in') return 'Signet keeps this application itself.';
  return may ? undefined : 'Your role does not change applications.';
}

function Fields({ reason, ...fields }: FieldsProps & Readonly<{ reason: string | undefined }>) {
  return (
    <>
      {reason !== undefined && <Text c="dimmed">{reason}</Text>}
      <fieldset className="plain" disabled={reason !== undefined}>
        <Stack gap="lg">
          <BasicFields {...fields} />
          <AddressFields {...fields} />
          <SignInFields {...fields} />
          <AccessFields {...fields} />
          <PeopleFields {...fields} />
          <TokenFields {...fields} />
        </Stack>
      </fieldset>
    </>
  );
}

type SaveBarProps = Readonly<{
  count: number;
  isSaving: boolean;
  isWrong: boolean;
  isSaved: boolean;
  onReset: () => void;
}>;

function SaveBar({ count, isSaving, isWrong, isSaved, onReset }: SaveBarProps) {
  return (
    <Group>
      <Button type="submit" disabled={count === 0 || isWrong} loading={isSaving}>
        Save
      </Button>
      <Button variant="default" disabled={count === 0} onClick={onReset}>
        Undo my changes
      </Button>
      <Text size="sm" c="dimmed" role="status">
        {count > 0 && `${count} ${count === 1 ? 'field is' : 'fields are'} changed and not saved.`}
        {count === 0 && isSaved && 'Saved.'}
      </Text>
    </Group>
  );
}

type ConflictProps = Readonly<{
  client: Client;
  before: FormValues;
  onRebase: (now: Answer<Client>) => void;
}>;

/** Somebody else was faster: nothing of theirs is overwritten unseen. */
function Conflict({ client, before, onRebase }: ConflictProps) {
  const look = useMutation({ mutationFn: () => ask<Client>(clientPath(client.client_id)) });
  const theirs = look.data === undefined ? [] : changedNames(before, valuesOf(look.data.body));
  return (
    <Alert
      color="yellow"
      variant="outline"
      title="Somebody else changed this application in the meantime"
      role="alert"
    >
      <Stack align="flex-start" gap="xs">
        <Text size="sm">Your changes are still in the form and were not saved.</Text>
        {look.data === undefined ? (
          <Button variant="default" size="xs" loading={look.isPending} onClick={() => look.mutate()}>
            See what they changed
          </Button>
        ) : (
          <>
            <Text size="sm">
              They changed: {theirs.length === 0 ? 'nothing that this form shows' : theirs.join(', ')}.
            </Text>
            <Button variant="default" size="xs" onClick={() => onRebase(look.data)}>
              Take theirs and put mine on top
            </Button>
          </>
        )}
      </Stack>
    </Alert>
  );
}
