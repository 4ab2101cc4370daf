import type { DatabaseKind, Experiment } from './experiment.ts';
import { amnesia } from './experiments/amnesia.ts';
import { cleanup } from './experiments/cleanup.ts';
import { keys } from './experiments/keys.ts';
import { power } from './experiments/power.ts';
import { races } from './experiments/races.ts';
import { simulation } from './experiments/simulation.ts';
import type { Patch } from './kit/patch.ts';

/** A fault put into a copy of the server, and the experiment whose zero would be worth nothing if it did not find it. */
export type PlantedBug = Readonly<{
  name: string;
  experiment: Experiment;
  databases: readonly DatabaseKind[];
  patches: readonly Patch[];
}>;

const GRANTS = 'src/store/sql/grants.ts';
const GUARDS = 'src/store/sql/guards.ts';

const ATTEMPTS_IN_MEMORY = `async beginAttempt(tenant, subject, rule, now) {
    const all = (globalThis.plantedAttempts ??= new Map());
    const known = all.get(subject) ?? { failures: 0, until: 0 };
    if (known.until > now) return { allowed: false, until: known.until };
    known.failures += 1;
    const doublings = Math.min(known.failures - rule.free - 1, rule.doublings);
    if (doublings >= 0) known.until = now + rule.unit * 2 ** doublings;
    all.set(subject, known);
    if (now > 0) return { allowed: true };`;

/** The bugs of security.md §3.4. */
export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'codes are found and then spent',
    experiment: races,
    databases: ['sqlite', 'postgres'],
    patches: [
      {
        file: 'src/oauth/token/authorization-code.ts',
        from: 'const outcome = await store.redeemCode(',
        to: "const outcome = grant.code_redeemed_at !== null ? 'replayed' : await store.redeemCode(",
      },
      {
        file: GRANTS,
        from: 'code_redeemed_at IS NULL AND revoked_at IS NULL AND code_expires_at > ?',
        to: 'code_expires_at > ?',
      },
    ],
  },
  {
    name: 'rotation looks first and writes later',
    experiment: races,
    databases: ['sqlite', 'postgres'],
    patches: [
      {
        file: 'src/oauth/token/refresh-token.ts',
        from: 'if ((await store.rotateRefreshToken(',
        to: 'if (generation === grant.refresh_generation && (await store.rotateRefreshToken(',
      },
      { file: GRANTS, from: 'AND refresh_generation = ? AND', to: 'AND refresh_generation >= ? AND' },
    ],
  },
  {
    name: 'the code is spent without asking whether it is',
    experiment: simulation,
    databases: ['sqlite'],
    patches: [
      {
        file: GRANTS,
        from: 'code_redeemed_at IS NULL AND revoked_at IS NULL AND code_expires_at > ?',
        to: 'code_expires_at > ?',
      },
    ],
  },
  {
    name: 'the line is moved from any generation',
    experiment: simulation,
    databases: ['sqlite'],
    patches: [
      { file: GRANTS, from: 'AND refresh_generation = ? AND', to: 'AND refresh_generation >= ? AND' },
    ],
  },
  {
    name: 'cleanup comes one minute early',
    experiment: cleanup,
    databases: ['sqlite', 'postgres'],
    patches: [{ file: 'src/store/sql/store.ts', from: 'now - keep', to: 'now + 60_000' }],
  },
  {
    name: 'a key is published when it first signs',
    experiment: keys,
    databases: ['sqlite', 'postgres'],
    patches: [
      {
        file: 'src/oauth/key-set.ts',
        from: 'await provider.keyring.published()',
        to: '(await provider.keyring.published()).filter((key) => key.active_from <= provider.clock())',
      },
    ],
  },
  {
    name: 'synchronous is NORMAL',
    experiment: power,
    databases: ['sqlite'],
    patches: [
      {
        file: 'src/store/sqlite-file.ts',
        from: 'PRAGMA synchronous = FULL',
        to: 'PRAGMA synchronous = NORMAL',
      },
    ],
  },
  {
    name: 'failed sign-ins are counted in memory',
    experiment: amnesia,
    databases: ['sqlite', 'postgres'],
    patches: [
      { file: GUARDS, from: 'async beginAttempt(tenant, subject, rule, now) {', to: ATTEMPTS_IN_MEMORY },
    ],
  },
];
