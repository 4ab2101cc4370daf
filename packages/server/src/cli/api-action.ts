import type { Command } from 'commander';
import { isRecord } from '../admin/fault.ts';
import type { Operation } from '../api/operation.ts';
import { bodyFrom, type GivenBody, queryFrom } from './api-flags.ts';
import { type ApiListing, listingOf, rowOf, usualLimit } from './api-listing.ts';
import { nameOf } from './api-names.ts';
import { membersOf, schemaOf } from './api-schema.ts';
import { SPECIALS } from './api-specials.ts';
import { noteOf } from './file-notes.ts';
import { inWordsOf } from './problem-text.ts';
import { requireConfirmation } from './prompt.ts';
import type { Members } from './remote.ts';
import { printList, printOne, type ResultOptions } from './result.ts';
import { listFrom, subOf, type Target, type TargetOptions, withTarget } from './target.ts';
import { printable, say } from './terminal.ts';
import { requireLimit } from './time-input.ts';

/** An operation of the interface as a command. */
export type ApiCommand = Readonly<{
  noun: string;
  verb: string;
  operands: readonly Readonly<{ variable: string; word: string; isInBody: boolean }>[];
  operation: Operation;
}>;

type Options = ResultOptions & TargetOptions & Readonly<{ yes?: boolean; limit?: string; all?: boolean }>;

/** What is asked for, with all that was given for it. */
type Asked = Readonly<{ command: Command; one: ApiCommand; options: Options; given: GivenBody | undefined }>;

/** Does what a command is for, at a server or on the database. */
export async function perform(
  command: Command,
  one: ApiCommand,
  operations: readonly Operation[],
): Promise<void> {
  // A reader such as `head` has seen enough.
  process.stdout.on('error', () => process.exit());
  const options = command.optsWithGlobals<Options>();
  const special = SPECIALS[one.operation.id];
  const other = special?.instead?.(options);
  const operation = operations.find(({ id }) => id === other) ?? one.operation;
  const given = await givenFor(command, { ...one, operation }, options);
  const verb = nameOf(operation)?.verb ?? one.verb;
  const asked = { command, one: { ...one, operation, verb }, options, given };
  if (operation.method === 'DELETE' && other === undefined && options.yes !== true)
    await requireConfirmation(questionFor(asked));
  await withTarget(options, one.verb === 'create' ? 'may-be-made' : 'must-exist', async (target) => {
    const words = { what: one.noun, named: command.args[0] ?? '', whereIs: given?.whereIs };
    await carryOut(target, asked).catch((fault: unknown) => {
      throw inWordsOf(fault, words);
    });
  });
}

async function givenFor(
  command: Command,
  { operation, operands }: ApiCommand,
  options: Options,
): Promise<GivenBody | undefined> {
  if (operation.body === undefined) return undefined;
  const special = SPECIALS[operation.id];
  if (special?.body !== undefined) return special.body(options, command.args[0] ?? '');
  const operand = operands.findIndex(({ isInBody }) => isInBody);
  const name = operands[operand]?.variable;
  const read = await bodyFrom(command, operation, name);
  return name === undefined ? read : { ...read, body: { ...read.body, [name]: command.args[operand] } };
}

const questionFor = ({ command, one, options }: Asked): string => {
  const where = options.server === undefined ? '' : ` at ${printable(options.server)}`;
  return `${one.noun} ${one.verb} ${command.args.map(printable).join(' ')}${where}: ${one.operation.summary}. Do it?`;
};

async function carryOut(target: Target, asked: Asked): Promise<void> {
  const { command, one, options, given } = asked;
  const { operation } = one;
  const path = await pathOf(target, asked);
  const query = await queryFrom(command, operation, (name) => subOf(target, name));
  const address = query.size === 0 ? path : `${path}?${query.toString()}`;
  if (operation.method === 'GET' && Object.hasOwn(operation.query ?? {}, 'after'))
    return tellList(target, asked, address);
  const body = operation.body === undefined ? undefined : (given?.body ?? {});
  const etag = operation.versioned === true ? (await target.ask('GET', versionedPart(path))).etag : undefined;
  const sending = operation.body?.kind === 'merge-patch' ? { patch: body } : { body };
  const reply = await target.ask(operation.method, address, { ...sending, etag });
  const { items }: Readonly<{ items?: readonly Members[] }> = reply.body;
  const special = SPECIALS[operation.id];
  if (special?.print !== undefined) special.print(options, reply.body);
  else if (operation.answers.status === 204) tellDone(asked);
  else if (Array.isArray(items)) tellEntries(asked, items);
  else tellOne(asked, reply.body);
  const note = target.configured && noteOf(operation.id, command.args[0] ?? '', target.configured);
  if (note !== undefined) say(note);
}

/** What has the version that a change rests on. */
const versionedPart = (path: string): string => path.replace(/\/versions\/.*$/, '');

async function pathOf(target: Target, { command, one }: Asked): Promise<string> {
  let path = one.operation.path;
  for (const [index, { variable, isInBody }] of one.operands.entries()) {
    const text = command.args[index] ?? '';
    if (isInBody) continue;
    // Who was deleted is nobody's username any more.
    const isPerson = variable === 'sub' && one.verb !== 'restore';
    const named = isPerson ? await subOf(target, text) : text;
    path = path.replace(`{${variable}}`, () => encodeURIComponent(named));
  }
  return path;
}

async function tellList(target: Target, asked: Asked, address: string): Promise<void> {
  const { one, options } = asked;
  const limit = options.limit === undefined ? usualLimit(one.noun) : requireLimit(options.limit);
  const { entries, more } = await listFrom(target, address, options.all === true ? undefined : limit);
  tellEntries(asked, entries);
  if (more && options.limit === undefined)
    say(`There are more than these ${limit}: --all tells all of them.`);
}

function tellEntries(asked: Asked, entries: readonly Members[]): void {
  const { one, command, options } = asked;
  const listing = listingFor(one);
  const isHidden = command.opts()['source'] === undefined ? listing.isHidden : undefined;
  printList(options, {
    entries: isHidden === undefined ? entries : entries.filter((entry) => !isHidden(entry)),
    id: (entry) => String(entry[listing.id]),
    columns: listing.columns,
    row: rowOf(listing),
  });
}

function listingFor({ noun, verb, operation }: ApiCommand): ApiListing {
  const { schema } = operation.answers;
  const items = schema === undefined ? undefined : membersOf(schemaOf(schema))['items'];
  const entry = items?.['items'];
  return listingOf(noun, verb, isRecord(entry) ? membersOf(entry) : {});
}

/** Members that are told this once. */
const SECRETS = ['client_secret', 'password', 'token', 'initial_access_token'];

function tellOne({ one, command, options }: Asked, body: Members): void {
  const id = body[one.noun === 'user' ? 'username' : (one.operands[0]?.variable ?? '')] ?? body['client_id'];
  printOne(options, typeof id === 'string' ? id : (command.args[0] ?? ''), body);
  for (const name of SECRETS) {
    const secret = body[name];
    if (one.operation.method === 'GET' || typeof secret !== 'string') continue;
    say(options.quiet === true ? `${name} ${secret}` : `The ${name} is told this once: keep it now.`);
  }
}

const DONE: Readonly<Record<string, string>> = { delete: 'deleted', end: 'ended', 'sign-out': 'signed_out' };

function tellDone({ one, command, options }: Asked): void {
  const named: readonly (readonly [string, unknown])[] = one.operands.map(({ word }, index) => [
    word.replaceAll('-', '_'),
    command.args[index],
  ]);
  printOne(options, command.args.join(' '), {
    ...Object.fromEntries(named),
    [DONE[one.verb] ?? 'done']: true,
  });
}
