import type { MiddlewareHandler } from 'hono';
import { AccessRefused, type ResourceServer } from './index.ts';
import { parseRequirements, type Requirements } from './requirements.ts';
import type { VerifiedToken } from './verified-token.ts';

/** Hono middleware: puts the checked token where `c.get('token')` finds it, or answers the refusal. */
export function honoGuard(
  api: ResourceServer,
  requirements: Requirements = {},
): MiddlewareHandler<{ Variables: { token: VerifiedToken } }> {
  parseRequirements(requirements);
  return async (c, next) => {
    try {
      c.set('token', await api.verify(c.req.raw, requirements));
    } catch (error) {
      if (!(error instanceof AccessRefused)) throw error;
      return c.json(error.body, error.status, error.headers);
    }
    await next();
    return undefined;
  };
}
