import { Worker } from 'node:worker_threads';
import type { HashingJob, HashingResult } from './hashing-thread.ts';

/** Milliseconds after which a thread without work ends and gives its memory back. */
const IDLE = 30_000;

/** Beside this file, as a source or as a part of the built server. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './hashing-thread.ts' : './hashing-thread.js',
  import.meta.url,
);

type Thread = Readonly<{ worker: Worker; leave: NodeJS.Timeout }>;

// Threads belong to the process, as its memory does: whoever hashes next takes one that is free.
const free: Thread[] = [];

/** Does the job in a thread of its own, beside the event loop and beside the threads that sign. How many work at once is up to the caller. */
export async function hashBeside(job: HashingJob): Promise<string | boolean> {
  const worker = takeThread();
  let result: HashingResult;
  try {
    result = await answerOf(worker, job);
  } catch (fault) {
    void worker.terminate();
    throw fault;
  }
  giveBack(worker);
  if ('fault' in result) throw new Error(result.fault);
  return result.value;
}

function takeThread(): Worker {
  const known = free.pop();
  if (known === undefined) return new Worker(PROGRAM);
  clearTimeout(known.leave);
  known.worker.ref();
  return known.worker;
}

/** A thread without work keeps no process alive. */
function giveBack(worker: Worker): void {
  worker.unref();
  const thread: Thread = {
    worker,
    leave: setTimeout(() => {
      free.splice(free.indexOf(thread), 1);
      void worker.terminate();
    }, IDLE).unref(),
  };
  free.push(thread);
}

function answerOf(worker: Worker, job: HashingJob): Promise<HashingResult> {
  return new Promise((done, failed) => {
    const settle = (): void => {
      worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
    };
    worker.once('message', (result: HashingResult) => {
      settle();
      done(result);
    });
    worker.once('error', (fault) => {
      settle();
      failed(fault);
    });
    worker.once('exit', () => {
      settle();
      failed(new Error('A thread that hashes passwords has ended.'));
    });
    worker.postMessage(job);
  });
}
