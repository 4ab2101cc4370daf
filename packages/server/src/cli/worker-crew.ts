import cluster, { type Worker } from 'node:cluster';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CommandError } from './command-error.ts';
import { type Question, readToPrimary, type ToPrimary, type ToWorker } from './worker-messages.ts';

/** Processes that do the same work, each replaced when it ends. */
export type Crew = Readonly<{
  /** Kept when all of them listen; broken when they end instead. */
  started: Promise<void>;
  /** Kept with the answers of those that listen; undefined for one that does not answer in time. */
  ask: (what: Question) => Promise<readonly unknown[]>;
  listening: () => number;
  restarts: () => number;
  /** Has all of them end; kept when they have. */
  drain: (patience: number) => Promise<void>;
  kill: () => void;
}>;

type Plan = Readonly<{
  count: number;
  args: readonly string[];
  log: Logger;
  /** They end again and again as soon as they have begun. */
  hopeless: () => void;
}>;

/** Milliseconds: a worker that ends sooner has not worked; the first wait before the next. */
const SHORT_LIFE = 5000;
const FIRST_PAUSE = 100;
/** So many short lives one after the other are enough. */
const MOST_SHORT_LIVES = 5;
const NOT_STARTED = 'A worker could not start: see what it said.';
/** Milliseconds beyond their patience after which workers that drain are killed. */
const GRACE = 2500;

/** Starts the workers and keeps their number. */
export function openCrew({ count, args, log, hopeless }: Plan): Crew {
  const crew = new Map<Worker, 'starting' | 'listening'>();
  const { promise: started, resolve: allListen, reject: failed } = Promise.withResolvers<void>();
  const { ask, hearAnswer } = questions();
  let restarts = 0;
  const nextPause = pacing();
  let stage: 'starting' | 'working' | 'ending' = 'starting';
  const listening = (): readonly Worker[] =>
    [...crew].flatMap(([worker, state]) => (state === 'listening' ? [worker] : []));

  const start = (): void => {
    const worker = hire({
      heard: (message) => {
        if (message.kind === 'answer') hearAnswer(message.id, message.value);
        else crew.set(worker, 'listening');
        if (stage !== 'starting' || listening().length < count) return;
        stage = 'working';
        allListen();
      },
      ended: (lived, end) => {
        crew.delete(worker);
        if (stage === 'starting') failed(new CommandError('fault', NOT_STARTED));
        if (stage === 'working') void replace(lived, end);
      },
    });
    crew.set(worker, 'starting');
  };
  const replace = async (lived: number, end: object): Promise<void> => {
    log.error(end, 'A worker ended; another one takes its place.');
    const wait = nextPause(lived);
    if (wait === undefined) return hopeless();
    restarts += 1;
    await pause(wait);
    if (stage === 'working') start();
  };

  const leaving = (): readonly Worker[] => {
    stage = 'ending';
    return [...crew.keys()];
  };

  cluster.setupPrimary({ args: [...args] });
  for (let worker = 0; worker < count; worker += 1) start();
  return {
    started,
    ask: (what) => Promise.all(listening().map((worker) => ask(worker, what))),
    listening: () => listening().length,
    restarts: () => restarts,
    drain: (patience) => drainAll(leaving(), patience),
    kill: () => killAll(leaving()),
  };
}

type Ears = Readonly<{
  heard: (message: ToPrimary) => void;
  /** After so many milliseconds. */
  ended: (lived: number, end: object) => void;
}>;

function hire({ heard, ended }: Ears): Worker {
  const began = performance.now();
  const worker = cluster.fork();
  worker.on('message', (received) => {
    const message = readToPrimary(received);
    if (message !== undefined) heard(message);
  });
  worker.on('error', () => undefined);
  worker.on('exit', (code: number | null, signal: string | null) =>
    ended(performance.now() - began, { exit_code: code, signal }),
  );
  return worker;
}

/** Milliseconds to wait before the next worker is started after one that lived so long; undefined when there is no hope. */
function pacing(): (lived: number) => number | undefined {
  let shortLives = 0;
  return (lived) => {
    shortLives = lived < SHORT_LIFE ? shortLives + 1 : 0;
    if (shortLives >= MOST_SHORT_LIVES) return undefined;
    return shortLives === 0 ? 0 : FIRST_PAUSE * 2 ** shortLives;
  };
}

/** Milliseconds that an answer may take. */
const PATIENCE = 1500;

/** Questions to workers and what is still to be answered. */
function questions() {
  const open = new Map<number, (value: unknown) => void>();
  let asked = 0;
  return {
    ask: (worker: Worker, what: Question): Promise<unknown> => {
      asked += 1;
      const id = asked;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const limit = setTimeout(resolve, PATIENCE, undefined);
      open.set(id, resolve);
      tell(worker, { kind: 'ask', id, what });
      return promise.finally(() => {
        clearTimeout(limit);
        open.delete(id);
      });
    },
    hearAnswer: (id: number, value: unknown): void => open.get(id)?.(value),
  };
}

async function drainAll(workers: readonly Worker[], patience: number): Promise<void> {
  const ends = workers.map((worker) => new Promise((done) => worker.once('exit', done)));
  for (const worker of workers) tell(worker, { kind: 'drain', patience });
  await Promise.race([Promise.all(ends), pause(patience + GRACE)]);
  killAll(workers);
}

function killAll(workers: Iterable<Worker>): void {
  for (const worker of workers) worker.process.kill('SIGKILL');
}

function tell(worker: Worker, message: ToWorker): void {
  // One that has just ended hears nothing, and is replaced.
  if (worker.isConnected()) worker.send(message, () => undefined);
}
