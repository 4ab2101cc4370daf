import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import {
  AccessRefused,
  type ResourceServer,
  type ResourceServerOptions,
  resourceServer,
} from '../src/index.ts';
import { type FakeIssuer, type FakeIssuerOptions, fakeIssuer } from '../src/testing.ts';

/** A clock that stands still until it is moved. */
export type Clock = { now: () => number; advance: (seconds: number) => void };

export type Setup = {
  id: FakeIssuer;
  api: ResourceServer;
  clock: Clock;
  warnings: string[];
  /** Another API of the same issuer, clock and warnings. */
  another: (options: Partial<ResourceServerOptions>) => ResourceServer;
  /** How often the issuer was asked for a path. */
  asked: (path: string) => number;
};

export const DISCOVERY = '/.well-known/openid-configuration';
export const OAUTH_DISCOVERY = '/.well-known/oauth-authorization-server';

/** A route that answers a JSON value. */
export const json =
  (value: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, headers).end(JSON.stringify(value));

/** A clock to move by hand. */
export function stoppedClock(): Clock {
  let milliseconds = 1_800_000_000_000;
  return {
    now: () => milliseconds,
    advance: (seconds) => {
      milliseconds += seconds * 1000;
    },
  };
}

/** A fake issuer and an API that trusts it, on one clock; both are gone when the test ends. */
export async function setup(t: TestContext, options: FakeIssuerOptions = {}): Promise<Setup> {
  const clock = stoppedClock();
  const id = await fakeIssuer({ now: clock.now, ...options });
  t.after(() => id.close());
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const usual = { issuer: id.issuer, audience: id.audience, now: clock.now, warn };
  return {
    id,
    clock,
    warnings,
    api: resourceServer(usual),
    another: (changes) => resourceServer({ ...usual, ...changes }),
    asked: (path) => id.requests.filter((requested) => requested === path).length,
  };
}

/** The refusal that a promise ends in; fails if it ends otherwise. */
export async function refusalOf(promise: Promise<unknown>): Promise<AccessRefused> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof AccessRefused, `expected a refusal, got ${String(outcome)}`);
  return outcome;
}

/** Asserts that a bearer token is refused as invalid_token, with words that say why. */
export async function assertInvalid(api: ResourceServer, token: string, why: RegExp): Promise<void> {
  const refused = await refusalOf(api.verify(`Bearer ${token}`));
  assert.equal(refused.status, 401, refused.description);
  assert.equal(refused.error, 'invalid_token');
  assert.match(refused.description, why);
  assert.match(
    refused.headers['WWW-Authenticate'] ?? '',
    /^Bearer realm="[^"]+", error="invalid_token", error_description="/,
  );
}
