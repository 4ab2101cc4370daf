import { createPublicKey, type KeyObject, verify, type webcrypto } from 'node:crypto';
import type { HttpClient } from '../kit/http.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Checks tokens as a client or an API does that keeps the key set for its whole max-age. */
export type Verifier = Readonly<{
  /** The claims of a token whose signature is good, else the reason why not. */
  check: (jwt: string) => Promise<Claims | string>;
  /** Whether the key set is fetched anew for a key that is not in it. */
  asksAgain: boolean;
}>;

type KeySet = Readonly<{ keys: ReadonlyMap<string, KeyObject>; fetchedAt: number; maxAge: number }>;

/** `asksAgain: false` never looks before the max-age is over, as the most patient cache does. */
export function verifier(
  { http, ports }: { http: HttpClient; ports: () => readonly number[] },
  { asksAgain, now = Date.now }: { asksAgain: boolean; now?: () => number },
): Verifier {
  let known: KeySet | undefined;
  let fetching: Promise<KeySet> | undefined;
  const renew = async (): Promise<KeySet> => {
    fetching ??= fetchKeys(http, ports, now).finally(() => {
      fetching = undefined;
    });
    known = await fetching;
    return known;
  };
  const find = async (kid: string): Promise<KeyObject | undefined> => {
    const isOver = known === undefined || now() - known.fetchedAt > known.maxAge;
    const set = known === undefined || isOver ? await renew() : known;
    return set.keys.get(kid) ?? (asksAgain ? (await renew()).keys.get(kid) : undefined);
  };
  return {
    asksAgain,
    check: async (jwt) => {
      const [header = '', body = '', signature = ''] = jwt.split('.');
      const { kid, alg } = decode(header);
      const key = await find(String(kid));
      if (key === undefined) return `there is no key ${String(kid)} in the key set`;
      const isGood = verify(
        alg === 'EdDSA' ? null : 'sha256',
        Buffer.from(`${header}.${body}`),
        alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key,
        Buffer.from(signature, 'base64url'),
      );
      return isGood ? decode(body) : 'the signature is wrong';
    },
  };
}

const decode = (part: string): Claims => {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  return { ...(value as object) };
};

type Published = { keys: (webcrypto.JsonWebKey & { kid: string })[] };

async function fetchKeys(
  http: HttpClient,
  ports: () => readonly number[],
  now: () => number,
): Promise<KeySet> {
  for (let tries = 0; ; tries += 1) {
    const open = ports();
    const sent = await http.send(open[tries % open.length] ?? 0, { path: '/jwks' });
    if (sent.kind === 'reply' && sent.reply.status === 200) {
      const { keys } = JSON.parse(sent.reply.body) as Published;
      const maxAge = Number(/max-age=(\d+)/.exec(sent.reply.headers['cache-control'] ?? '')?.[1] ?? 0) * 1000;
      const opened = keys.map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })] as const);
      return { keys: new Map(opened), fetchedAt: now(), maxAge };
    }
    if (tries > 2000) throw new Error('The key set cannot be had.');
    await new Promise((done) => setTimeout(done, 20));
  }
}
