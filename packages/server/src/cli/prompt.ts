import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandError } from './command-error.ts';
import { isInteractive } from './terminal.ts';

/** Keyboard and screen; the screen is standard error, so that results stay apart. */
type Desk = Readonly<{ input: NodeJS.ReadableStream; output: NodeJS.WritableStream }>;

const terminalDesk = (): Desk => ({ input: process.stdin, output: process.stderr });

const ATTEMPTS = 3;

/** Asks for a new secret without showing it, twice, until both are equal. */
export const askNewSecret = (what: string, desk: Desk = terminalDesk()): Promise<string> =>
  asking(desk, 'hidden', async (ask) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const first = await ask(`${what}: `);
      if (first === (await ask(`${what} again: `))) return first;
      desk.output.write('The two are not the same.\n');
    }
    throw new CommandError('refused', 'Nothing was changed.');
  });

/** Goes on only when somebody at the keyboard says yes. */
export async function requireConfirmation(question: string, desk?: Desk): Promise<void> {
  if (desk === undefined && !isInteractive()) {
    throw new CommandError('refused', 'Nobody is there to be asked: say --yes if this is meant.');
  }
  const answer = await asking(desk ?? terminalDesk(), 'shown', (ask) => ask(`${question} [y/N] `));
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CommandError('refused', 'Nothing was changed.');
}

type Ask = (question: string) => Promise<string>;

/** Lets `work` ask questions. The terminal's own echo is off from before the first one to after the last. */
async function asking<Result>(
  { input, output }: Desk,
  answers: 'hidden' | 'shown',
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // In terminal mode the line editor does the echo, and for a hidden answer it goes nowhere.
  const lines = createInterface({ input, output: answers === 'hidden' ? nowhere : output, terminal: true });
  lines.on('SIGINT', () => lines.close());
  const typed = lines[Symbol.asyncIterator]();
  try {
    return await work(async (question) => {
      output.write(question);
      const line = await typed.next();
      if (answers === 'hidden') output.write('\n');
      if (line.done === true) throw new CommandError('refused', 'Stopped: nothing was changed.');
      return line.value;
    });
  } finally {
    lines.close();
  }
}
