import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample, serveExample, startForExamples } from '../test/run-example.ts';

test('the service example gets a token for itself and reads the orders of the API example', async (t) => {
  const { issuer: ISSUER } = await startForExamples(t);
  const API = await serveExample(t, 'api/server.ts', { ISSUER, PORT: '0' });
  const { code, output, errors } = await runExample('service/main.ts', { ISSUER, API });
  assert.equal(code, 0, errors);
  const { orders, through } = JSON.parse(output);
  assert.equal(through, 'service');
  assert.equal(orders[0].item, 'Teapot');
});

test('the service example says what the issuer has against it', async (t) => {
  const { issuer: ISSUER } = await startForExamples(t);
  const { code, errors } = await runExample('service/main.ts', { ISSUER, CLIENT_SECRET: 'wrong' });
  assert.notEqual(code, 0);
  assert.match(errors, /answered 401: \{"error":"invalid_client"/);
});
