import type { Command } from 'commander';
import type { Operation } from '../api/operation.ts';
import { OPERATIONS } from '../api/operations.ts';
import { withResult, withServer, withTenant } from './action.ts';
import { type ApiCommand, perform } from './api-action.ts';
import { operandOfCreation, withBody, withQuery } from './api-flags.ts';
import { nameOf } from './api-names.ts';
import { SPECIALS } from './api-specials.ts';

const NOUNS: Readonly<Record<string, string>> = {
  client: 'applications and services that may ask for tokens',
  user: 'people who sign in',
  group: 'groups of people',
  scope: 'what applications may ask for',
  resource: 'APIs that access tokens are made for',
  setting: 'settings of the provider',
  session: 'browsers at which people are signed in',
  grant: 'what people have given applications: lines of refresh tokens',
  consent: 'what people have allowed applications',
  key: 'keys that sign tokens',
  tenant: 'the provider itself',
  refusal: 'requests that were refused, and why',
  audit: 'who did what, and when',
  statistics: 'sign-ins, failures and tokens over time',
  'initial-access-token': 'what lets a program register an application',
};

/** Other names of a verb. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'refusal get': ['show', 'explain'],
  get: ['show'],
};

/** Declares a command for each operation of the interface for administrators. */
export function declareApiCommands(signet: Command): void {
  const named = OPERATIONS.flatMap((operation) => {
    const name = nameOf(operation);
    return name === undefined ? [] : [{ operation, ...name }];
  });
  for (const [noun, all] of Map.groupBy(named, (one) => one.noun)) {
    const parent = signet
      .command(noun)
      .description(NOUNS[noun] ?? noun)
      .helpGroup('What is administered, here or at a server:');
    for (const { verb, operands, operation } of all)
      declare(parent, { noun, verb, operands: operandsOf(operation, operands), operation });
  }
}

function operandsOf(operation: Operation, inPath: readonly string[]): ApiCommand['operands'] {
  const created = SPECIALS[operation.id]?.operand ?? operandOfCreation(operation, OPERATIONS);
  const all = created === undefined ? inPath : [...inPath, created];
  return all.map((variable) => ({
    variable,
    word: variable === 'sub' ? 'user' : variable.replaceAll('_', '-'),
    isInBody: variable === created,
  }));
}

function declare(parent: Command, one: ApiCommand): void {
  const { noun, verb, operands, operation } = one;
  const special = SPECIALS[operation.id];
  const usage = [verb, ...operands.map(({ word }) => `<${word}>`)].join(' ');
  const command = withServer(withResult(withTenant(parent.command(usage).description(operation.summary))));
  for (const alias of ALIASES[`${noun} ${verb}`] ?? ALIASES[verb] ?? []) command.alias(alias);
  special?.flags?.(command);
  withQuery(command, operation);
  if (operation.query !== undefined && Object.hasOwn(operation.query, 'after'))
    command.option('--limit <number>', 'so many at most').option('--all', 'all of them, however many');
  if (operation.body !== undefined && special?.body === undefined)
    withBody(command, operation, operands.find(({ isInBody }) => isInBody)?.variable);
  if (operation.method === 'DELETE') command.option('--yes', 'do not ask');
  command.action(async () => perform(command, one, OPERATIONS));
}
