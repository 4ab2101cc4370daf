import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderOnDisk } from '../measure/disk.ts';
import { type Cost, costOf } from './cost.ts';
import { diskPrimitives } from './disk-primitives.ts';

export const ALGORITHMS = ['ES256', 'RS256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What no program can do without, each measured alone in a loop, in CPU microseconds; writes to disk also with the time they take. */
export type Primitives = Readonly<{
  sign: Readonly<Record<Algorithm, number>>;
  verify: Readonly<Record<Algorithm, number>>;
  mint: number;
  digest: number;
  lookUp: number;
  insert: Cost;
  rotate: Cost;
}>;

const CLAIMS = {
  iss: 'http://127.0.0.1:3000',
  sub: 'b0c1d2e3-0000-4000-8000-000000000001',
  aud: 'urn:bench:api',
  client_id: 'bench',
  scope: 'openid offline_access',
  jti: 'Zk3v9x0sR1KpQm7wq2nY5A',
  iat: 1_700_000_000,
  exp: 1_700_003_600,
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function keyPair(alg: Algorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  return alg === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function tokenCosts(alg: Algorithm): { sign: number; verify: number } {
  const { publicKey, privateKey } = keyPair(alg);
  const form = alg === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : {};
  const head = `${encode({ alg, typ: 'at+jwt', kid: 'k1' })}.`;
  const made = (): string => {
    const input = head + encode(CLAIMS);
    const signature = sign('sha256', Buffer.from(input, 'latin1'), { key: privateKey, ...form });
    return `${input}.${signature.toString('base64url')}`;
  };
  const token = made();
  const dot = token.lastIndexOf('.');
  const check = (): void => {
    const signature = Buffer.from(token.slice(dot + 1), 'base64url');
    const signed = Buffer.from(token.slice(0, dot), 'latin1');
    if (!verify('sha256', signed, { key: publicKey, ...form }, signature)) throw new Error('not verified');
    JSON.parse(Buffer.from(token.slice(head.length, dot), 'base64url').toString());
  };
  return { sign: costOf(() => void made()).cpu, verify: costOf(check).cpu };
}

/** Measures all of them on this core now; the disk in a folder below `directory`, at `group` rows a commit. */
export function measurePrimitives(directory: string, group: number): Primitives {
  const es = tokenCosts('ES256');
  const rs = tokenCosts('RS256');
  const token = 'x'.repeat(480);
  const folder = folderOnDisk(directory);
  try {
    return {
      sign: { ES256: es.sign, RS256: rs.sign },
      verify: { ES256: es.verify, RS256: rs.verify },
      mint: costOf(() => void hash('sha256', randomBytes(32).toString('base64url'), 'buffer')).cpu,
      digest: costOf(() => void hash('sha256', token, 'buffer')).cpu,
      ...diskPrimitives(join(folder, 'limit.db'), group),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
