import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { signet } from './here.ts';
import { configured } from './program.ts';

/** A folder with a configuration, over a database with the client `job`. */
export async function usedDatabase(t: TestContext, keys: Readonly<Record<string, unknown>> = {}) {
  const { cwd, issuer } = await configured(t, keys);
  const made = await signet(['client', 'create', '--type', 'service', '--id', 'job'], { cwd });
  assert.equal(made.code, 0, made.stderr);
  return { cwd, issuer, path: join(cwd, 'data/signet.db') };
}

export const clientsIn = async (cwd: string): Promise<string> =>
  (await signet(['client', 'list', '--quiet'], { cwd })).stdout;
