import { setTimeout as pause } from 'node:timers/promises';

/** What a probe asks: does the process run, may it be sent requests, has it come up. */
export type Probe = 'live' | 'ready' | 'started';

/** What a probe is told; reasons stand in the log, not here. */
export type Report = Readonly<{ status: State; checks: Readonly<Record<string, State>> }>;
type State = 'up' | 'down';

/** Kept with true when all is well. One that throws or does not answer in time counts as false. */
export type Check = () => Promise<boolean>;

/** How the process is, for probes and for its end. */
export type Health = Readonly<{
  report(probe: Probe): Promise<Report>;
  /** From now on the process has started, and is ready as long as its checks are good. */
  serving(): void;
  /** From now on the process is not ready, whatever its checks say. */
  stopping(): void;
  /** From now on nobody new is accepted, and whoever holds a connection is to leave. */
  draining(): void;
  isDraining(): boolean;
  /** Whether somebody has asked for readiness lately, and so would notice its end. */
  isProbed(): boolean;
}>;

/** Milliseconds. What a check found is told to all who ask within `keep`; it is given `patience` to find it. */
const USUAL = { keep: 1000, patience: 1000 };
/** Milliseconds after which whoever asked for readiness has gone. */
const PROBED_WITHIN = 60_000;

/** Health from checks by name. `now` counts milliseconds and never jumps. */
export function healthOf(
  checks: Readonly<Record<string, Check>>,
  now: () => number,
  { keep, patience } = USUAL,
): Health {
  let stage: 'starting' | 'serving' | 'stopping' | 'draining' = 'starting';
  let probedAt = Number.NEGATIVE_INFINITY;
  let found: { at: number; states: Promise<Readonly<Record<string, State>>> } | undefined;
  const look = (): Promise<Readonly<Record<string, State>>> => {
    if (found === undefined || now() - found.at >= keep) {
      found = { at: now(), states: statesOf(checks, patience) };
    }
    return found.states;
  };
  return {
    async report(probe) {
      if (probe === 'live') return told({});
      if (probe === 'started') return told({ start: stage === 'starting' ? 'down' : 'up' });
      probedAt = now();
      const serving = stage === 'serving';
      return told({ serving: serving ? 'up' : 'down', ...(serving && (await look())) });
    },
    serving: () => {
      stage = 'serving';
    },
    stopping: () => {
      stage = 'stopping';
    },
    draining: () => {
      stage = 'draining';
    },
    isDraining: () => stage === 'draining',
    isProbed: () => now() - probedAt < PROBED_WITHIN,
  };
}

const told = (checks: Report['checks']): Report => ({
  status: Object.values(checks).includes('down') ? 'down' : 'up',
  checks,
});

async function statesOf(
  checks: Readonly<Record<string, Check>>,
  patience: number,
): Promise<Readonly<Record<string, State>>> {
  const states = Object.entries(checks).map(async ([name, check]): Promise<[string, State]> => {
    const isGood = await within(patience, check).catch(() => false);
    return [name, isGood ? 'up' : 'down'];
  });
  return Object.fromEntries(await Promise.all(states));
}

async function within(milliseconds: number, check: Check): Promise<boolean> {
  const limit = new AbortController();
  const late = pause(milliseconds, false, { signal: limit.signal });
  // Cut short when the check was in time.
  late.catch(() => undefined);
  try {
    return await Promise.race([check(), late]);
  } finally {
    limit.abort();
  }
}
