import { registerClient } from '../admin/register-client.ts';
import { actingAs } from './acting.ts';
import { clientAddress, networkOf } from './client-address.ts';
import { SECRET_JSON } from './headers.ts';
import type { Route } from './site.ts';

/** The registration endpoint (RFC 7591 §3.1), where it is switched on. */
export const registrationRoute: Route = async (c, site) => {
  const isJson = /^application\/json *(;|$)/i.test(c.req.header('content-type') ?? '');
  const wish = isJson ? parse(await c.req.text()) : undefined;
  const network = networkOf(clientAddress(c, site.trustedProxies));
  const outcome = await registerClient(actingAs(c, site, 'nobody'), wish, network);
  switch (outcome.kind) {
    case 'registered':
      return answer(201, outcome.document);
    case 'fault':
      return answer(400, { error: outcome.error, error_description: outcome.description });
    case 'wait': {
      const seconds = Math.max(1, Math.ceil((outcome.until - site.provider.clock()) / 1000));
      const error_description = 'Too many applications were registered from here. Try again later.';
      return answer(
        429,
        { error: 'temporarily_unavailable', error_description },
        { 'retry-after': String(seconds) },
      );
    }
  }
};

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { ...SECRET_JSON, ...headers } });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
