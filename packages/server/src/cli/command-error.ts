import type { Fault } from '../admin/fault.ts';

/** Exit codes of every command; 0 is success. */
export const EXIT = {
  /** The server, the database or the machine did not do what it was asked. */
  fault: 1,
  /** Wrong options, invalid input or an invalid configuration. */
  usage: 2,
  unknown: 3,
  /** It exists already, or its state does not allow the change. */
  conflict: 4,
  /** Not confirmed. */
  refused: 5,
  /** Migrations are waiting. */
  waiting: 6,
} as const;

/** What the interface for administrators has refused, where that is what ended the command. */
type Refused = Readonly<{ status: number; detail: string; faults: readonly Fault[] }>;

/** Ends a command with a sentence for people, an exit code and no stack trace. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: number;
  readonly problem: Refused | undefined;

  constructor(kind: keyof typeof EXIT, message: string, problem?: Refused) {
    super(message);
    this.problem = problem;
    this.exitCode = EXIT[kind];
  }
}
