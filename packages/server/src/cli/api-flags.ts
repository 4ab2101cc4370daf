import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { Operation } from '../api/operation.ts';
import { systemClock } from '../model/clock.ts';
import { membersOf, schemaOf } from './api-schema.ts';
import { CommandError } from './command-error.ts';
import { type MetadataFile, readMetadata } from './metadata-file.ts';
import type { Members } from './remote.ts';
import { requireTime } from './time-input.ts';

/** What is sent, and where each member of it stands in its file. */
export type GivenBody = Readonly<{ body: Members; whereIs?: MetadataFile['whereIs'] }>;

const flagOf = (name: string): string => `--${name.replaceAll('_', '-')}`;
const attributeOf = (name: string): string =>
  name.replaceAll('_', '-').replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** Parameters by which people are named, and their flags: by username or `sub`. */
export const PEOPLE: Readonly<Record<string, string>> = { sub: 'user', subject: 'user', actor: 'actor' };

/** Parameters that page through a list are asked for in another way. */
const PAGING = ['limit', 'after'];

const paramsOf = ({ query = {} }: Operation): readonly (readonly [string, Members])[] =>
  Object.entries(membersOf(schemaOf(z.object(query)))).filter(([name]) => !PAGING.includes(name));

/** Adds a flag for each parameter of the query. */
export function withQuery(command: Command, operation: Operation): Command {
  for (const [name, schema] of paramsOf(operation)) {
    const person = PEOPLE[name];
    const isSwitch = schema['type'] === 'boolean';
    const value = isSwitch
      ? '[which]'
      : schema['format'] === 'date-time'
        ? '<time>'
        : `<${person ?? 'text'}>`;
    const usual = person === undefined ? `only with this ${name}` : 'only of this person, by name or sub';
    const option = new Option(`${flagOf(person ?? name)} ${value}`, describe(usual, schema));
    command.addOption(withChoices(option, isSwitch ? { enum: ['true', 'false'] } : schema));
  }
  return command;
}

/** The parameters that were given, people by `personOf`. */
export async function queryFrom(
  command: Command,
  operation: Operation,
  personOf: (name: string) => Promise<string>,
): Promise<URLSearchParams> {
  const query = new URLSearchParams();
  for (const [name, schema] of paramsOf(operation)) {
    const flag = PEOPLE[name] ?? name;
    const given: unknown = command.getOptionValue(attributeOf(flag));
    if (given === undefined) continue;
    // A switch without a word.
    const text = typeof given === 'string' ? given : 'true';
    if (PEOPLE[name] !== undefined) query.set(name, await personOf(text));
    else if (schema['format'] === 'date-time')
      query.set(name, new Date(requireTime(flagOf(flag), text, systemClock())).toISOString());
    else query.set(name, text);
  }
  return query;
}

/** Flags that mean something else, so that such a member is given by --set. */
const TAKEN = ['file', 'set', 'unset', 'output', 'quiet', 'tenant', 'server', 'config', 'yes', 'help'];

const bodyMembers = ({ body }: Operation): Readonly<Record<string, Members>> =>
  body === undefined ? {} : membersOf(schemaOf(body.schema));

const flaggedMembers = (operation: Operation, operand: string | undefined): readonly [string, Members][] =>
  Object.entries(bodyMembers(operation)).filter(([name]) => name !== operand && !TAKEN.includes(name));

/** Adds a flag for each member of the body, but for the one that is an operand. */
export function withBody(command: Command, operation: Operation, operand: string | undefined): Command {
  for (const [name, schema] of flaggedMembers(operation, operand)) {
    const isList = schema['type'] === 'array';
    const option = new Option(
      `${flagOf(name)} <${isList ? 'one' : 'value'}>`,
      `${describe(name, schema)}${isList ? '; may be repeated' : ''}`,
    );
    command.addOption(isList ? option.argParser(collect) : withChoices(option, schema));
  }
  command
    .option('--file <file>', 'all of it in JSON or YAML; - is standard input')
    .option('--set <name=value>', 'one member, in JSON or as plain text; may be repeated', collect);
  if (operation.body?.kind === 'merge-patch')
    command.option('--unset <name>', 'remove one member; may be repeated', collect);
  return command;
}

/** What was given by file and flags; flags are stronger. */
export async function bodyFrom(
  command: Command,
  operation: Operation,
  operand: string | undefined,
): Promise<GivenBody> {
  const options: Members = command.opts();
  const file = typeof options['file'] === 'string' ? await readMetadata(options['file']) : undefined;
  const flagged = flaggedMembers(operation, operand).flatMap(([name, schema]) => {
    const given: unknown = command.getOptionValue(attributeOf(name));
    return given === undefined ? [] : [[name, typedValue(given, schema)] as const];
  });
  const body = {
    ...file?.value,
    ...Object.fromEntries(flagged),
    ...Object.fromEntries(textsIn(options['set']).map(pairIn)),
    ...Object.fromEntries(textsIn(options['unset']).map((name) => [name, null])),
  };
  if (operation.body?.kind === 'merge-patch' && Object.keys(body).length === 0)
    throw new CommandError('usage', 'Nothing to change was given: see --help.');
  return { body, ...(file && { whereIs: file.whereIs }) };
}

const textsIn = (given: unknown): readonly string[] => (Array.isArray(given) ? given.map(String) : []);

function pairIn(text: string): readonly [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new CommandError('usage', `--set ${text} must be written name=value.`);
  return [text.slice(0, at), jsonOrText(text.slice(at + 1))];
}

/** A text stays one where a text is wanted; anything else is JSON, where it can be read as that. */
const typedValue = (given: unknown, { type }: Members): unknown =>
  type === 'string' || typeof given !== 'string' ? given : jsonOrText(given);

export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withChoices(option: Option, { enum: choices }: Members): Option {
  return Array.isArray(choices) ? option.choices(choices.map(String)) : option;
}

function describe(usual: string, { description, format }: Members): string {
  const plain = typeof description === 'string' ? description.replace(/\.$/, '') : usual;
  return format === 'date-time' ? `${plain}: a length such as 12h or 7d, or a time (RFC 3339)` : plain;
}

/** The parameter that names what is created, where commands on it name it in their paths. */
export function operandOfCreation(operation: Operation, all: readonly Operation[]): string | undefined {
  if (operation.method !== 'POST') return undefined;
  const one = all.find(({ method, path }) => method === 'GET' && isOneOf(path, operation.path));
  const name = /\{(\w+)\}$/.exec(one?.path ?? '')?.[1];
  const required: unknown = operation.body && schemaOf(operation.body.schema)['required'];
  return Array.isArray(required) && required.includes(name) ? name : undefined;
}

const isOneOf = (path: string, collection: string): boolean =>
  path.startsWith(`${collection}/{`) && path.indexOf('/', collection.length + 1) === -1;
