import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { CompactSign, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { systemClock } from './clock.ts';

export type FakeIssuerOptions = {
  /** The `aud` of its access tokens. Default: `https://api.example.test`. */
  audience?: string;
  /** Signing algorithm. Default: ES256, whose keys are made fastest. */
  algorithm?: string;
  /** Path of the issuer, as `/tenant`. Default: none. */
  path?: string;
  /** The client that may introspect opaque tokens. Default: `api` with the secret `secret`. */
  introspection?: { client_id: string; client_secret: string };
  /** Milliseconds since 1970. Give the same clock to `resourceServer` to travel in time. */
  now?: () => number;
};

/** Claims or header parameters to add or replace; undefined leaves one out. */
export type Overrides = Record<string, unknown>;

/** An issuer for tests, in this process, on a free loopback port. It gives tokens to anyone who calls it. */
export type FakeIssuer = {
  issuer: string;
  audience: string;
  /** An access token as RFC 9068 wants it, for `user-1` through `client-1`, valid for five minutes. */
  accessToken: (claims?: Overrides, header?: Overrides) => Promise<string>;
  idToken: (claims?: Overrides) => Promise<string>;
  /** An opaque access token; the claims are what introspection tells of it. */
  opaqueToken: (claims?: Overrides) => string;
  /** Makes a token inactive at introspection. */
  revoke: (opaqueToken: string) => void;
  /** The published keys, for the option `jwks`. */
  jwks: () => JSONWebKeySet;
  /** Signs with a new key from now on. The old keys stay published unless `drop` is set. */
  rotateKeys: (options?: { drop?: boolean }) => Promise<void>;
  /** While down, the issuer cuts every connection without an answer. */
  setDown: (isDown: boolean) => void;
  /** Answers a path, such as `/jwks`, in another way; undefined restores it. */
  answer: (path: string, listener: RequestListener | undefined) => void;
  /** The paths asked for so far, in order, those cut while down included. */
  requests: readonly string[];
  close: () => Promise<void>;
};

/** Starts an issuer for tests: discovery, keys and introspection over http, and tokens with any claims. */
export async function fakeIssuer(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
  const {
    audience = 'https://api.example.test',
    algorithm = 'ES256',
    path = '',
    now = systemClock,
  } = options;
  const introspector = options.introspection ?? { client_id: 'api', client_secret: 'secret' };
  const signer = await startSigning(algorithm);
  const server = await startServer();
  const issuer = `${server.origin}${path}`;
  const { opaque, ...tokens } = tokenMaker(signer, { issuer, audience, now });

  const routes: readonly [string, RequestListener][] = [
    [`${path}/.well-known/openid-configuration`, answerMetadata(issuer)],
    [`/.well-known/oauth-authorization-server${path}`, answerMetadata(issuer)],
    [`${path}/jwks`, (_, response) => response.end(JSON.stringify(signer.jwks()))],
    [`${path}/introspect`, answerIntrospection(introspector, opaque)],
  ];
  for (const [url, listener] of routes) server.routes.set(url, listener);

  return {
    issuer,
    audience,
    ...tokens,
    jwks: signer.jwks,
    rotateKeys: signer.rotate,
    setDown: server.setDown,
    answer: (url, listener) => {
      const usual = routes.find(([route]) => route === url)?.[1];
      server.routes.set(url, listener ?? usual ?? notFound);
    },
    requests: server.requests,
    close: server.close,
  };
}

type Signer = Awaited<ReturnType<typeof startSigning>>;

function tokenMaker(signer: Signer, from: { issuer: string; audience: string; now: () => number }) {
  const opaque = new Map<string, Overrides>();
  let made = 0;
  const accessClaims = (): Overrides => {
    made += 1;
    const parties = { iss: from.issuer, aud: from.audience, sub: 'user-1', client_id: 'client-1' };
    return { ...parties, jti: `token-${made}`, ...lifetime(from.now) };
  };
  return {
    opaque,
    accessToken: (claims?: Overrides, header?: Overrides) =>
      signer.sign({ ...accessClaims(), ...claims }, { typ: 'at+jwt', ...header }),
    idToken: (claims?: Overrides) => {
      const parties = { iss: from.issuer, aud: 'client-1', sub: 'user-1', nonce: 'n-1' };
      return signer.sign({ ...parties, ...lifetime(from.now), ...claims }, { typ: 'JWT' });
    },
    opaqueToken: (claims?: Overrides) => {
      const known = { token_type: 'Bearer', ...accessClaims(), ...claims };
      const token = `opaque-${made}`;
      opaque.set(token, known);
      return token;
    },
    revoke: (token: string) => void opaque.delete(token),
  };
}

function lifetime(now: () => number): { iat: number; exp: number } {
  const iat = Math.floor(now() / 1000);
  return { iat, exp: iat + 300 };
}

async function startServer() {
  const routes = new Map<string, RequestListener>();
  const requests: string[] = [];
  let isDown = false;
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    requests.push(url);
    if (isDown) return request.socket.destroy();
    return (routes.get(url) ?? notFound)(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the issuer has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    routes,
    requests,
    setDown: (down: boolean) => {
      isDown = down;
      if (down) server.closeAllConnections();
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function startSigning(alg: string) {
  const makeKey = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
  };
  let made = 1;
  let current = await makeKey('key-1');
  let published: JWK[] = [current.jwk];
  return {
    jwks: () => ({ keys: published }),
    rotate: async ({ drop = false } = {}) => {
      made += 1;
      current = await makeKey(`key-${made}`);
      published = drop ? [current.jwk] : [...published, current.jwk];
    },
    sign: (claims: Overrides, header: Overrides) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg, kid: current.kid, ...header })
        .sign(current.privateKey),
  };
}

const notFound: RequestListener = (_, response) => void response.writeHead(404).end();

function answerMetadata(issuer: string): RequestListener {
  const metadata = { issuer, jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` };
  return (_, response) => response.end(JSON.stringify(metadata));
}

type AsyncListener = (...args: Parameters<RequestListener>) => Promise<void>;
type Client = { client_id: string; client_secret: string };

function answerIntrospection(
  { client_id, client_secret }: Client,
  known: Map<string, Overrides>,
): RequestListener {
  const expected = [client_id, client_secret];
  const answer: AsyncListener = async (request, response) => {
    if (String(readBasic(request.headers.authorization)) !== String(expected)) {
      response.writeHead(401).end();
      return;
    }
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const claims = known.get(form.get('token') ?? '');
    response.end(JSON.stringify(claims ? { active: true, ...claims } : { active: false }));
  };
  return (request, response) => void answer(request, response);
}

// RFC 6749 §2.3.1: form-decoded after the colon has parted them.
function readBasic(authorization = ''): string[] {
  const pair = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  return pair.split(':').map((part) => new URLSearchParams(`=${part}`).get('') ?? '');
}
