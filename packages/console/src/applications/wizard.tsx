import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { ApiError, ask, fieldFault } from '../api/http.ts';
import type { CreatedClient } from '../api/types.ts';
import { NotFound } from '../shell/trouble.tsx';
import { Fault, Page } from '../ui/page.tsx';
import { type Answers, type Kind, kindOf, NOTHING, PROGRAMS, programOf, type Question } from './kinds.ts';
import { redirectFault, redirectHint } from './redirect-check.ts';
import { Registered } from './registered.tsx';
import { ResourceQuestion } from './resource-question.tsx';
import { UriList } from './uri-list.tsx';

/** The second question of the wizard: what an application of this kind has to say. */
export function WizardPage() {
  const { kind: id } = useParams({ from: '/applications/new/$kind' });
  const kind = kindOf(id);
  return kind === undefined ? <NotFound /> : <Wizard key={id} kind={kind} />;
}

function useRegistration() {
  const queries = useQueryClient();
  // One key until there is an answer: a registration whose answer got lost is not made twice.
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: async (draft: object) => {
      const headers = { 'idempotency-key': key.current };
      return (await ask<CreatedClient>('/clients', { method: 'POST', body: draft, headers })).body;
    },
    onError: (fault) => {
      if (fault instanceof ApiError) key.current = crypto.randomUUID();
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/clients'] }),
  });
}

/** The questions of a kind, with those of the chosen program. */
const questionsOf = (kind: Kind, { program }: Answers): readonly Question[] =>
  kind.asks.includes('program') ? [...kind.asks, ...programOf(program).asks] : kind.asks;

const given = (values: readonly string[]): readonly string[] => values.filter((value) => value !== '');

/** What is still missing or wrong, or undefined when all is well. */
function missing(kind: Kind, answers: Answers): string | undefined {
  const asks = questionsOf(kind, answers);
  if (answers.name.trim() === '') return 'Give the application a name.';
  if (asks.includes('address') && !URL.canParse(answers.address)) return 'Say where the installation stands.';
  if (asks.includes('resource') && !URL.canParse(answers.resource)) return 'Choose the MCP server.';
  if (!asks.includes('redirects')) return undefined;
  const redirects = given(answers.redirects);
  if (redirects.length === 0) return 'Give at least one redirect URI.';
  return [...redirects, ...given(answers.logout)].some((uri) => redirectFault(uri, kind.type) !== undefined)
    ? 'Mend the address that is marked.'
    : undefined;
}

function Wizard({ kind }: Readonly<{ kind: Kind }>) {
  const [answers, setAnswers] = useState<Answers>({ ...NOTHING, redirects: kind.first ?? [] });
  const [told, setTold] = useState<string>();
  const registration = useRegistration();
  const set = (changed: Partial<Answers>): void => setAnswers({ ...answers, ...changed });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const fault = missing(kind, answers);
    setTold(fault);
    const { name, redirects, logout, address } = answers;
    const sound = {
      ...answers,
      name: name.trim(),
      redirects: given(redirects),
      logout: given(logout),
      address: address.replace(/\/+$/, ''),
    };
    if (fault === undefined) registration.mutate(kind.draft(sound));
  };
  if (registration.data !== undefined) return <Registered client={registration.data} />;
  return (
    <Page title={kind.title} says={kind.says}>
      <form onSubmit={submit} noValidate>
        <Stack maw={640}>
          <TextInput
            label="Name"
            description="People see it when they sign in."
            required
            value={answers.name}
            error={fieldFault(registration.error, 'client_name')}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Questions kind={kind} answers={answers} set={set} fault={registration.error} />
          {told !== undefined && (
            <Text c="var(--mantine-color-error)" role="alert">
              {told}
            </Text>
          )}
          <Fault
            fault={registration.error}
            fields={['client_name', 'redirect_uris', 'post_logout_redirect_uris']}
          />
          <Group>
            <Button type="submit" loading={registration.isPending}>
              Register
            </Button>
            <Link to="/applications/new">Another kind</Link>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

type QuestionsProps = Readonly<{
  kind: Kind;
  answers: Answers;
  set: (changed: Partial<Answers>) => void;
  fault: unknown;
}>;

function Questions({ kind, answers, set, fault }: QuestionsProps) {
  const asks = questionsOf(kind, answers);
  return (
    <>
      {asks.includes('program') && <ProgramQuestion answers={answers} set={set} />}
      {asks.includes('address') && (
        <AddressQuestion
          label="Address of the installation"
          example="https://cloud.example.com"
          value={answers.address}
          onChange={(address) => set({ address })}
        />
      )}
      {asks.includes('resource') && (
        <ResourceQuestion value={answers.resource} onChange={(resource) => set({ resource })} />
      )}
      {asks.includes('scopes') && <ScopeQuestion answers={answers} set={set} />}
      {asks.includes('redirects') && (
        <RedirectQuestions kind={kind} answers={answers} set={set} fault={fault} />
      )}
    </>
  );
}

type AnswerProps = Readonly<Pick<QuestionsProps, 'answers' | 'set'>>;

function ProgramQuestion({ answers, set }: AnswerProps) {
  return (
    <NativeSelect
      label="Program"
      value={answers.program}
      data={PROGRAMS.map(({ id, title }) => ({ value: id, label: title }))}
      onChange={(event) => set({ program: event.currentTarget.value })}
    />
  );
}

type AddressProps = Readonly<{
  label: string;
  example: string;
  says?: string;
  value: string;
  onChange: (text: string) => void;
}>;

function AddressQuestion({ label, example, says, value, onChange }: AddressProps) {
  const isWrong = value !== '' && !(URL.canParse(value) && /^https?:/.test(value));
  return (
    <TextInput
      label={label}
      type="url"
      description={says}
      placeholder={example}
      value={value}
      error={isWrong && `Write the whole address, such as ${example}.`}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}

function ScopeQuestion({ answers, set }: AnswerProps) {
  return (
    <TextInput
      label="Scopes"
      description="What it may ask for, separated by blanks. Leave it empty if your APIs look at the audience alone."
      placeholder="orders:read orders:write"
      value={answers.scopes}
      onChange={(event) => set({ scopes: event.currentTarget.value })}
    />
  );
}

const REDIRECT_SAYS =
  'Where people return to after they signed in. The application sends this very text: every character is compared.';

function RedirectQuestions({ kind, answers, set, fault }: QuestionsProps) {
  const faultOf = (text: string): string | undefined => redirectFault(text, kind.type);
  return (
    <>
      <UriList
        label="Redirect URIs"
        says={REDIRECT_SAYS}
        example={kind.example}
        values={answers.redirects}
        onChange={(redirects) => set({ redirects })}
        faultOf={faultOf}
        hintOf={redirectHint}
        refused={fieldFault(fault, 'redirect_uris')}
      />
      {questionsOf(kind, answers).includes('logout') && (
        <UriList
          label="After sign-out (optional)"
          says="Where people may be sent when they have signed out."
          example="https://app.example.com/"
          values={answers.logout}
          onChange={(logout) => set({ logout })}
          faultOf={faultOf}
          refused={fieldFault(fault, 'post_logout_redirect_uris')}
        />
      )}
    </>
  );
}
