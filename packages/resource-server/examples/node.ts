import { createServer } from 'node:http';
import { resourceServer } from '@signet/resource-server';
import { nodeGuard } from '@signet/resource-server/node';

const { ISSUER = 'https://id.example.com', PORT = '3000' } = process.env;
const api = resourceServer({ issuer: ISSUER, audience: 'https://api.example.com' });

const orders = nodeGuard(api, { scope: 'orders:read' }, (_request, response, token) => {
  response.end(JSON.stringify({ orders: [], owner: token.sub }));
});

const server = createServer(orders);
server.listen(Number(PORT), '127.0.0.1', () => console.log(server.address()));
