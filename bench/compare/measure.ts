import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ALGORITHMS, type Algorithm, type Primitives } from '../limit/primitives.ts';
import { closeLanes, openLanes } from '../load/lanes.ts';
import { measureRun, type Run, type Target } from '../load/measure-run.ts';
import type { OperationName } from '../load/operations.ts';
import { siteAt } from '../load/site.ts';
import { type ContenderName, isPeer, resourcesOf, startContender } from '../targets/contenders.ts';
import type { Place } from '../targets/place.ts';
import type { Case } from './cases.ts';
import type { CompareOptions } from './options.ts';

/** Runs of one contender at one case, in order. */
export type Measured = Readonly<{ contender: ContenderName; label: string; runs: readonly Run[] }>;

type Contender = { readonly name: ContenderName; readonly algorithm: Algorithm; target: Target };

/** Starts every contender that a case needs, once for each algorithm. */
export async function startContenders(options: CompareOptions, place: Place): Promise<readonly Contender[]> {
  const contenders: Contender[] = [];
  for (const algorithm of ALGORITHMS) {
    if (!options.cases.some((one) => one.algorithm === algorithm)) continue;
    for (const name of options.contenders) {
      // HTTP costs the same whatever is signed.
      if (name === 'bare HTTP' && contenders.some((one) => one.name === name)) continue;
      const server = await startContender(name, algorithm, place, options.profile);
      const site = await siteAt(server.base, resourcesOf(name, algorithm));
      const lanes = await openLanes(site, options.connections);
      const beside =
        name === 'Signet PostgreSQL' && place.postgres ? { databaseCpu: place.postgres.cpu } : {};
      contenders.push({ name, algorithm, target: { site, server, lanes, ...beside } });
    }
  }
  return contenders;
}

/** Measures the primitives of the limit in a process on the server's core. */
export function measureLimit(
  { directory, connections }: Pick<CompareOptions, 'directory' | 'connections'>,
  { prefix }: Place,
): Primitives {
  // A closed loop of C connections settles at about C/2 writes to a commit.
  const args = [join(import.meta.dirname, '../limit/measure.ts'), directory, String(connections / 2)];
  const [file = '', ...rest] = [...prefix, process.execPath, ...args];
  // The process prints what measurePrimitives has returned.
  return JSON.parse(execFileSync(file, rest, { encoding: 'utf8' })) as Primitives;
}

/** Runs every case in interleaved rounds, so that a change of the machine's mood meets all contenders alike. */
export async function measureCases(
  options: CompareOptions,
  contenders: readonly Contender[],
  told: (line: string) => void,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const one of options.cases) {
    const started = performance.now();
    const taking = contenders.filter((contender) => takesPart(contender, one));
    const runs = new Map<Contender, Run[]>(taking.map((contender) => [contender, []]));
    for (const contender of taking) await runOnce(contender, one.operation, options.warmUpMilliseconds);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const contender of taking) {
        runs.get(contender)?.push(await runOnce(contender, one.operation, options.milliseconds));
      }
    }
    for (const [{ name }, its] of runs) measured.push({ contender: name, label: one.label, runs: its });
    told(`${one.label}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  return measured;
}

function takesPart({ name, algorithm }: Contender, { algorithm: wanted, againstMemory }: Case): boolean {
  if (name === 'bare HTTP') return true;
  return algorithm === wanted && (!isPeer(name) || againstMemory !== undefined);
}

async function runOnce(contender: Contender, operation: OperationName, milliseconds: number): Promise<Run> {
  const { name, target } = contender;
  // oidc-provider walks all tokens of a grant at each issue, and in memory keeps the newest thousand of all things: new sign-ins keep
  // it from slowing down, or from forgetting, from run to run.
  if (isPeer(name) && operation !== 'discovery' && operation !== 'jwks') {
    closeLanes(target.lanes);
    contender.target = { ...target, lanes: await openLanes(target.site, target.lanes.length) };
  }
  try {
    // Nothing is a token at the bare server, so that those seen once and the hot ones are the same there.
    const asked = name === 'bare HTTP' ? bareOperation(operation) : operation;
    return await measureRun(asked, contender.target, milliseconds);
  } catch (fault) {
    throw new Error(`${name} answered ${operation} wrongly.`, { cause: fault });
  }
}

const bareOperation = (operation: OperationName): OperationName =>
  operation === 'introspect-once'
    ? 'introspect-hot'
    : operation === 'userinfo-once'
      ? 'userinfo-hot'
      : operation;

export async function stopContenders(contenders: readonly Contender[]): Promise<void> {
  for (const { target } of contenders) closeLanes(target.lanes);
  await Promise.all(contenders.map(({ target }) => target.server.stop()));
}
