import { resourceServer, tokenOf } from '@signet/resource-server';
import { fastifyGuard } from '@signet/resource-server/fastify';
import { fastify } from 'fastify';

const { ISSUER = 'https://id.example.com', PORT = '3000' } = process.env;
const api = resourceServer({ issuer: ISSUER, audience: 'https://api.example.com' });

const app = fastify();
app.get('/orders', { onRequest: fastifyGuard(api, { scope: 'orders:read' }) }, async (request) => {
  return { orders: [], owner: tokenOf(request).sub };
});

console.log(await app.listen({ port: Number(PORT), host: '127.0.0.1' }));
