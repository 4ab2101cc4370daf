import { printable, wordOf } from './terminal.ts';

/** A value that was found, and why it is there. */
export type TryMember = Readonly<{ name: string; value: unknown; why?: string }>;

/** One step of a trial. */
export type TryStep = Readonly<{
  step: string;
  /** What was done and what came of it. */
  says: string;
  members?: readonly TryMember[];
}>;

export function renderStep({ step, says, members = [] }: TryStep, number: number): string {
  const names = Math.max(0, ...members.map(({ name }) => name.length));
  const values = Math.min(48, Math.max(0, ...members.map(({ value }) => wordOf(value).length)));
  return [
    `${number}  ${step}: ${printable(says)}`,
    ...members.map(({ name, value, why }) =>
      `     ${printable(name).padEnd(names)}  ${wordOf(value).padEnd(values)}${why === undefined ? '' : `  ${why}`}`.trimEnd(),
    ),
    '',
  ].join('\n');
}
