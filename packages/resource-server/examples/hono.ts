import { serve } from '@hono/node-server';
import { resourceServer } from '@signet/resource-server';
import { honoGuard } from '@signet/resource-server/hono';
import { Hono } from 'hono';

const { ISSUER = 'https://id.example.com', PORT = '3000' } = process.env;
const api = resourceServer({ issuer: ISSUER, audience: 'https://api.example.com' });

const app = new Hono();
app.get('/orders', honoGuard(api, { scope: 'orders:read' }), (c) => {
  return c.json({ orders: [], owner: c.get('token').sub });
});

serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, (address) => console.log(address));
