import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Answer, ask, fieldFault } from '../api/http.ts';
import { NotFound } from '../shell/trouble.tsx';
import { Fault, Page } from '../ui/page.tsx';
import {
  definitionKind,
  type Field,
  type Item,
  itemPath,
  type Kind,
  nameOf,
  saidBy,
  textOf,
} from './kinds.ts';

type Texts = Readonly<Record<string, string>>;

/** Adds one. */
export function NewDefinitionPage() {
  const { definitions } = useParams({ from: '/$definitions/new' });
  const kind = definitionKind(definitions);
  return kind === undefined ? <NotFound /> : <New key={kind.id} kind={kind} />;
}

function New({ kind }: Readonly<{ kind: Kind }>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [texts, setTexts] = useState<Texts>({});
  const fields = [kind.key, ...kind.fields];
  const creation = useMutation({
    mutationFn: async () => {
      const said = fields.map((field) => [field.name, saidBy(field, texts[field.name] ?? '')] as const);
      const body = Object.fromEntries(said.filter(([, value]) => value !== null));
      return (await ask<Item>(`/${kind.id}`, { method: 'POST', body })).body;
    },
    onSuccess: async (item) => {
      void queries.invalidateQueries({ queryKey: [`/${kind.id}`] });
      await navigate({
        to: '/$definitions/$name',
        params: { definitions: kind.id, name: nameOf(kind, item) },
      });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    creation.mutate();
  };
  return (
    <Page title={kind.one === 'API' ? 'Add an API' : `Add a ${kind.one}`} says={kind.empty}>
      <form onSubmit={submit} noValidate>
        <Stack maw={640}>
          <Inputs fields={fields} texts={texts} onChange={setTexts} fault={creation.error} />
          <Fault fault={creation.error} fields={fields.map(({ name }) => name)} />
          <Group>
            <Button type="submit" loading={creation.isPending}>
              Add
            </Button>
            <Link to="/$definitions" params={{ definitions: kind.id }}>
              Back to the list
            </Link>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

type FormProps = Readonly<{ kind: Kind; found: Answer<Item>; reason: string | undefined }>;

/** What is said of one; saved only over the version that was read. */
export function DefinitionForm({ kind, found, reason }: FormProps) {
  const queries = useQueryClient();
  const { body: item, etag } = found;
  const before: Texts = Object.fromEntries(kind.fields.map(({ name }) => [name, textOf(item[name])]));
  const [texts, setTexts] = useState(before);
  const changed = kind.fields.filter(({ name }) => texts[name] !== before[name]);
  const saving = useMutation({
    mutationFn: () => {
      const body = Object.fromEntries(
        changed.map((field) => [field.name, saidBy(field, texts[field.name] ?? '')]),
      );
      const path = itemPath(kind, nameOf(kind, item));
      return ask(path, { method: 'PATCH', body, headers: { 'if-match': etag } });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [`/${kind.id}`] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={640} align="flex-start">
        {reason !== undefined && <Text c="dimmed">{reason}</Text>}
        <fieldset className="plain fields" disabled={reason !== undefined}>
          <Inputs fields={kind.fields} texts={texts} onChange={setTexts} fault={saving.error} />
        </fieldset>
        <Fault fault={saving.error} fields={kind.fields.map(({ name }) => name)} />
        {reason === undefined && (
          <Button type="submit" disabled={changed.length === 0} loading={saving.isPending}>
            Save
          </Button>
        )}
      </Stack>
    </form>
  );
}

type InputsProps = Readonly<{
  fields: readonly Field[];
  texts: Texts;
  onChange: (texts: Texts) => void;
  fault: unknown;
}>;

function Inputs({ fields, texts, onChange, fault }: InputsProps) {
  return fields.map(({ name, label, says, example, as }) => {
    const input = {
      label,
      description: says,
      value: texts[name] ?? '',
      error: fieldFault(fault, name),
      onChange: (event: { currentTarget: { value: string } }) =>
        onChange({ ...texts, [name]: event.currentTarget.value }),
    };
    if (as === 'lines') return <Textarea key={name} rows={4} {...input} />;
    if (as === 'format') return <NativeSelect key={name} data={FORMATS} {...input} />;
    return <TextInput key={name} placeholder={example} autoComplete="off" {...input} />;
  });
}

const FORMATS = [
  { value: '', label: 'As the application or the provider says' },
  { value: 'jwt', label: 'Signed, for APIs that check them on their own (jwt)' },
  { value: 'opaque', label: 'A text that only this server can read (opaque)' },
];
