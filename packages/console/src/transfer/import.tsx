import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, ask } from '../api/http.ts';
import { useMay } from '../api/permission.ts';
import { clientPath } from '../api/queries.ts';
import type { Client, CreatedClient } from '../api/types.ts';
import { CopyField } from '../ui/copy.tsx';
import { ItemTable } from '../ui/list.tsx';
import { Fault } from '../ui/page.tsx';
import { type Change, changeOf, draftOf, parseFile, type Told } from './comparison.ts';

/** The change, the version that it rests on, and what came of it. */
type Row = Readonly<{ change: Change; etag: string; done?: 'done'; secret?: string; fault?: string }>;

async function compare(told: Told): Promise<Row> {
  const now = await ask<Client>(clientPath(told.client_id)).catch((fault: unknown) => {
    if (fault instanceof ApiError && fault.problem.status === 404) return undefined;
    throw fault;
  });
  return { change: changeOf(told, now?.body), etag: now?.etag ?? '' };
}

async function make(row: Row): Promise<Row> {
  const { told, kind, patch } = row.change;
  if (kind === 'same' || kind === 'refused' || row.done === 'done') return row;
  try {
    const { body } =
      kind === 'new'
        ? await ask<CreatedClient>('/clients', { method: 'POST', body: draftOf(told) })
        : await ask<CreatedClient>(clientPath(told.client_id), {
            method: 'PATCH',
            body: patch,
            headers: { 'if-match': row.etag },
          });
    const secret = body.client_secret;
    return { change: row.change, etag: row.etag, done: 'done', ...(secret !== undefined && { secret }) };
  } catch (fault) {
    const said = fault instanceof ApiError ? fault.problem.errors?.map(({ detail }) => detail).join(' ') : '';
    return { ...row, fault: said || (fault instanceof Error ? fault.message : 'It was not accepted.') };
  }
}

/** One after the other, in the order of the file: what was refused does not keep the others back. */
async function inTurn<In, Out>(all: readonly In[], work: (one: In) => Promise<Out>): Promise<readonly Out[]> {
  const done: Out[] = [];
  for (const one of all) done.push(await work(one));
  return done;
}

/** Applications out of a file: first what would change, then the change. */
export function Import() {
  const [text, setText] = useState('');
  const [told, setTold] = useState<string>();
  const queries = useQueryClient();
  const comparison = useMutation({ mutationFn: (list: readonly Told[]) => inTurn(list, compare) });
  const change = useMutation({
    mutationFn: (rows: readonly Row[]) => inTurn(rows, make),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/clients'] }),
  });
  const rows = change.data ?? comparison.data;
  const wanted =
    comparison.data?.filter(({ change: { kind } }) => kind === 'new' || kind === 'changed') ?? [];
  const look = (): void => {
    const parsed = parseFile(text);
    change.reset();
    comparison.reset();
    setTold(typeof parsed === 'string' ? parsed : undefined);
    if (typeof parsed !== 'string') comparison.mutate(parsed);
  };
  if (!useMay('signet:clients:write')) return <Text>Your role does not change applications.</Text>;
  return (
    <Stack align="flex-start">
      <Textarea
        w="100%"
        label="The file"
        description="What was downloaded here or elsewhere. Nothing is changed before you have seen what would be."
        rows={8}
        spellCheck={false}
        value={text}
        error={told}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <input type="file" accept="application/json,.json" aria-label="Take a file" onChange={takeFile} />
      <Button variant="default" disabled={text === ''} loading={comparison.isPending} onClick={look}>
        See what would change
      </Button>
      <Fault fault={comparison.error} />
      {rows !== undefined && <Rows rows={rows} />}
      {change.data === undefined && wanted.length > 0 && (
        <Button loading={change.isPending} onClick={() => change.mutate(comparison.data ?? [])}>
          {wanted.length === 1 ? 'Make this change' : `Make these ${wanted.length} changes`}
        </Button>
      )}
    </Stack>
  );

  function takeFile({ currentTarget: { files } }: { currentTarget: HTMLInputElement }): void {
    void files?.[0]?.text().then(setText);
  }
}

const KINDS: Readonly<Record<Change['kind'], string>> = {
  new: 'New',
  changed: 'Changed',
  same: 'As it is',
  refused: 'Not possible',
};

function Rows({ rows }: Readonly<{ rows: readonly Row[] }>) {
  return (
    <ItemTable
      label="What would change"
      items={rows}
      keyOf={({ change }) => change.told.client_id}
      columns={[
        { head: 'Application', cell: ({ change }) => <span className="break">{change.told.client_id}</span> },
        {
          head: 'What becomes of it',
          cell: ({ change: { kind, lines }, done, fault, secret }) => (
            <>
              <Text fw={600}>
                {KINDS[kind]}
                {done === 'done' && ': done'}
                {fault !== undefined && ': not accepted'}
              </Text>
              {[...lines, ...(fault === undefined ? [] : [fault])].map((line) => (
                <Text key={line} size="sm" className="break">
                  {line}
                </Text>
              ))}
              {secret !== undefined && <CopyField label="Client secret, shown this once" value={secret} />}
            </>
          ),
        },
      ]}
    />
  );
}
