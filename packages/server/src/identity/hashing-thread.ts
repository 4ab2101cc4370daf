import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashPassword, verifyPassword } from './password-hash.ts';

/** What a thread is asked to do. */
export type HashingJob = Readonly<
  { password: string } & ({ kind: 'hash'; salt: Uint8Array } | { kind: 'verify'; hash: string })
>;

/** What it answers. A fault is one of the program: bad passwords and hashes are ordinary answers. */
export type HashingResult = Readonly<{ value: string | boolean } | { fault: string }>;

const NICER = 10;

/** Lets every other thread of the server go first: a token waits for nobody's password. Linux alone gives each thread a priority of its own. */
function yieldToOthers(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(19, getPriority(thread) + NICER));
  } catch {
    // Elsewhere passwords compete with all else.
  }
}

function work(job: HashingJob): HashingResult {
  try {
    const value =
      job.kind === 'hash' ? hashPassword(job.password, job.salt) : verifyPassword(job.password, job.hash);
    return { value };
  } catch (fault) {
    return { fault: String(fault) };
  }
}

yieldToOthers();
parentPort?.on('message', (job: HashingJob) => parentPort?.postMessage(work(job)));
