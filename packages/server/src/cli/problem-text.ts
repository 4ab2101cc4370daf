import { type Fault, isRecord } from '../admin/fault.ts';
import { CommandError, type EXIT } from './command-error.ts';
import { invalid, type MetadataFile } from './metadata-file.ts';
import { printable } from './terminal.ts';

type Members = Readonly<Record<string, unknown>>;

const EXITS: Readonly<Record<number, keyof typeof EXIT>> = {
  400: 'usage',
  401: 'refused',
  403: 'refused',
  404: 'unknown',
  409: 'conflict',
  412: 'conflict',
  422: 'usage',
};

/** What the interface refuses (RFC 9457), as the end of a command: with a line for each faulty member. */
export function refusalOf(status: number, problem: Members): CommandError {
  const { title, detail, errors, reference } = problem;
  const lines = errorsIn(errors).map(({ where, detail: what }) => `  ${sentence([where, what])}`);
  const ref = typeof reference === 'string' ? ` (ref ${printable(reference)})` : '';
  const text = status === 409 ? sentence([detail]) : sentence([title, detail]);
  return new CommandError(EXITS[status] ?? 'fault', [`${text}${ref}`, ...lines].join('\n'), {
    status,
    detail: String(detail),
    faults: errorsIn(errors).flatMap(faultOf),
  });
}

const errorsIn = (errors: unknown) =>
  (Array.isArray(errors) ? errors : []).filter(isRecord).map(({ pointer, parameter, detail }) => ({
    pointer,
    where: typeof parameter === 'string' ? `--${parameter.replaceAll('_', '-')}` : pointer,
    detail,
  }));

/** The fault that a pointer and its sentence came from: the sentence begins with the last step of the pointer. */
function faultOf({ pointer, detail }: { pointer: unknown; detail: unknown }): readonly Fault[] {
  if (typeof pointer !== 'string' || typeof detail !== 'string') return [];
  const steps = pointer.split('/').slice(1);
  const path = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = path.at(-1) ?? 'The body';
  const message = (detail.startsWith(`${last} `) ? detail.slice(last.length + 1) : detail).replace(/\.$/, '');
  return [{ path: path.map((step) => (/^\d+$/.test(step) ? Number(step) : step)), message }];
}

/** The same in the words of a command: what was named is not there, or what was given has faults, with their places in its file. */
export function inWordsOf(
  fault: unknown,
  { what, named, whereIs }: { what: string; named: string; whereIs?: MetadataFile['whereIs'] | undefined },
): unknown {
  if (!(fault instanceof CommandError) || fault.problem === undefined) return fault;
  const { status, detail, faults } = fault.problem;
  if (status === 404 && detail === `There is no such ${what}.`)
    return new CommandError('unknown', `There is no ${what} ${printable(named)}.`);
  return faults.length === 0 ? fault : invalid(`The ${what}`, faults, whereIs);
}

const sentence = (parts: readonly unknown[]): string =>
  parts
    .filter((part) => typeof part === 'string')
    .map(printable)
    .join(' ');
