import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, Server, request as startRequest } from 'node:http';
import { test } from 'node:test';
import { serve } from '@hono/node-server';
import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import { expressGuard } from '../src/express.ts';
import { fastifyGuard } from '../src/fastify.ts';
import { honoGuard } from '../src/hono.ts';
import { type ResourceServer, resourceServer, tokenOf } from '../src/index.ts';
import { asObject } from '../src/json.ts';
import { nodeGuard } from '../src/node.ts';
import { type FakeIssuer, fakeIssuer } from '../src/testing.ts';

type Running = { url: string; close: () => Promise<void> };
type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

const REQUIRED = { scope: 'orders:read' };
let served = 0;

async function listen(server: Server): Promise<Running> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const bySort: Record<string, (api: ResourceServer) => Promise<Running>> = {
  node: (api) => {
    const orders = nodeGuard(api, REQUIRED, (_, response, token) => {
      served += 1;
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ owner: token.sub }));
    });
    return listen(createServer({ maxHeaderSize: 2 ** 21 }, orders));
  },
  express: (api) => {
    const app = express();
    app.use(express.urlencoded(), express.json());
    app.all('/orders', expressGuard(api, REQUIRED), (req, res) => {
      served += 1;
      res.json({ owner: tokenOf(req).sub, same: req.auth?.sub });
    });
    return listen(createServer({ maxHeaderSize: 2 ** 21 }, app));
  },
  fastify: async (api) => {
    const app = fastify({ http: { maxHeaderSize: 2 ** 21 } });
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    app.all<{ Querystring: { page?: string } }>(
      '/orders',
      { preHandler: fastifyGuard(api, REQUIRED) },
      (request) => {
        served += 1;
        return { owner: tokenOf(request).sub };
      },
    );
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url, close: () => app.close() };
  },
  hono: (api) => {
    const app = new Hono();
    app.all('/orders', honoGuard(api, REQUIRED), (c) => {
      served += 1;
      return c.json({ owner: c.get('token').sub });
    });
    const server = serve({
      fetch: app.fetch,
      port: 0,
      hostname: '127.0.0.1',
      serverOptions: { maxHeaderSize: 2 ** 21 },
    });
    assert.ok(server instanceof Server);
    return listen(server);
  },
};

type Sending = { authorization?: string | string[]; path?: string; form?: string };

/** Sends a request as it stands, repeated headers included, which fetch would join. */
function send({ url }: Running, { authorization, path = '/orders', form }: Sending): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = startRequest(
    `${url}${path}`,
    { method: form === undefined ? 'GET' : 'POST' },
    async (response) => {
      const body = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    },
  );
  sent.on('error', reject);
  if (authorization !== undefined) sent.setHeader('Authorization', authorization);
  if (form !== undefined) sent.setHeader('Content-Type', 'application/x-www-form-urlencoded');
  sent.end(form);
  return promise;
}

const cases: {
  name: string;
  sending: (id: FakeIssuer) => Promise<Sending>;
  status: number;
  error?: string;
}[] = [
  { name: 'no token', sending: async () => ({}), status: 401 },
  { name: 'Basic credentials', sending: async () => ({ authorization: 'Basic YTpi' }), status: 401 },
  {
    name: 'an ID token',
    sending: async (id) => ({ authorization: `Bearer ${await id.idToken({ aud: id.audience })}` }),
    status: 401,
    error: 'invalid_token',
  },
  {
    name: 'garbage',
    sending: async () => ({ authorization: 'Bearer garbage' }),
    status: 401,
    error: 'invalid_token',
  },
  {
    name: 'a token of a megabyte',
    sending: async () => ({ authorization: `Bearer ${'a'.repeat(1024 * 1024)}` }),
    status: 401,
    error: 'invalid_token',
  },
  {
    name: 'a token without the scope',
    sending: async (id) => ({ authorization: `Bearer ${await id.accessToken({ scope: 'profile' })}` }),
    status: 403,
    error: 'insufficient_scope',
  },
  {
    name: 'two headers',
    sending: async (id) => {
      const authorization = `Bearer ${await id.accessToken({ scope: 'orders:read' })}`;
      return { authorization: [authorization, authorization] };
    },
    status: 400,
    error: 'invalid_request',
  },
  {
    name: 'two tokens joined by a comma',
    sending: async (id) => {
      const authorization = `Bearer ${await id.accessToken({ scope: 'orders:read' })}`;
      return { authorization: `${authorization}, ${authorization}` };
    },
    status: 400,
    error: 'invalid_request',
  },
  {
    name: 'a token in the query',
    sending: async (id) => ({
      path: `/orders?access_token=${await id.accessToken({ scope: 'orders:read' })}`,
    }),
    status: 400,
    error: 'invalid_request',
  },
];

for (const [sort, start] of Object.entries(bySort)) {
  test(`the ${sort} guard lets a good token through and answers every other request itself`, async (t) => {
    const id = await fakeIssuer();
    t.after(() => id.close());
    const api = resourceServer({ issuer: id.issuer, audience: id.audience, warn: () => undefined });
    const running = await start(api);
    t.after(() => running.close());

    served = 0;
    const authorization = `Bearer ${await id.accessToken({ sub: 'alice', scope: 'orders:read' })}`;
    const good = await send(running, { authorization, path: '/orders?page=2' });
    assert.equal(good.status, 200, good.body);
    assert.match(good.body, /^\{"owner":"alice"/);
    assert.equal(served, 1);

    for (const { name, sending, status, error } of cases) {
      const answer = await send(running, await sending(id));
      assert.equal(answer.status, status, `${name}: ${answer.body}`);
      assert.equal(asObject(JSON.parse(answer.body))?.error, error, name);
      const challenge = error
        ? `Bearer realm="${id.audience}", error="${error}"`
        : `Bearer realm="${id.audience}"`;
      assert.ok(String(answer.headers['www-authenticate']).startsWith(challenge), name);
      assert.match(String(answer.headers['content-type']), /^application\/json/, name);
    }
    assert.equal(served, 1, 'no refused request reached the route');
  });

  test(`the ${sort} guard answers 503 while the issuer is down`, async (t) => {
    const id = await fakeIssuer();
    t.after(() => id.close());
    const running = await start(
      resourceServer({ issuer: id.issuer, audience: id.audience, warn: () => undefined }),
    );
    t.after(() => running.close());
    id.setDown(true);
    const answer = await send(running, { authorization: `Bearer ${await id.accessToken()}` });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '5');
    assert.equal(answer.headers['www-authenticate'], undefined);
  });

  test(`the ${sort} guard never takes a token from a form`, async (t) => {
    const id = await fakeIssuer();
    t.after(() => id.close());
    const running = await start(resourceServer({ issuer: id.issuer, audience: id.audience }));
    t.after(() => running.close());
    served = 0;
    const form = `access_token=${await id.accessToken({ scope: 'orders:read' })}`;
    const answer = await send(running, { form });
    // Only frameworks that have parsed the body can tell the client why.
    assert.equal(answer.status, sort === 'express' || sort === 'fastify' ? 400 : 401);
    assert.equal(served, 0);
  });
}

test('the Express guard hands other errors to next, which Express 4 needs', async () => {
  const faults: unknown[] = [];
  const guard = expressGuard(brokenApi);
  const response = {
    status: () => response,
    set: () => response,
    json: () => assert.fail('an answer was sent'),
  };
  await guard({ headers: {} }, response, (error) => void faults.push(error));
  assert.match(String(faults), /a fault of the program/);
});

const brokenApi: ResourceServer = {
  verify: async () => {
    throw new Error('a fault of the program');
  },
  ready: async () => undefined,
};

test('an Express error route receives what is not a refusal', async (t) => {
  const app = express();
  app.get('/orders', expressGuard(brokenApi), () => assert.fail('the route was reached'));
  const onError: express.ErrorRequestHandler = (error, _req, res, _next) =>
    void res.status(500).send(String(error));
  app.use(onError);
  const running = await listen(createServer(app));
  t.after(() => running.close());
  const answer = await send(running, {});
  assert.equal(answer.status, 500);
  assert.match(answer.body, /a fault of the program/);
});
