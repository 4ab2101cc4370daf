import { resourceServer, tokenOf } from '@signet/resource-server';
import { expressGuard } from '@signet/resource-server/express';
import express from 'express';

const { ISSUER = 'https://id.example.com', PORT = '3000' } = process.env;
const api = resourceServer({ issuer: ISSUER, audience: 'https://api.example.com' });

const app = express();
app.get('/orders', expressGuard(api, { scope: 'orders:read' }), (request, response) => {
  response.json({ orders: [], owner: tokenOf(request).sub });
});

const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(server.address()));
