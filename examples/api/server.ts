import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { resourceServer } from '@signet/resource-server';
import { nodeGuard } from '@signet/resource-server/node';

const { ISSUER = 'http://localhost:8080', AUDIENCE = 'https://api.example.com', PORT = '3001' } = process.env;
const api = resourceServer({ issuer: ISSUER, audience: AUDIENCE });

const orders = [
  { id: 1, item: 'Teapot', price: '18.00' },
  { id: 2, item: 'Two cups', price: '9.50' },
];

const routes = new Map<string, RequestListener>([
  ['GET /public', (_request, response) => answer(response, { message: 'Anyone may read this.' })],
  [
    'GET /orders',
    nodeGuard(api, { scope: 'orders:read' }, (_request, response, token) => {
      answer(response, { orders, for: token.sub, through: token.client_id });
    }),
  ],
]);

function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

const server = createServer((request, response) => {
  const route = routes.get(`${request.method} ${request.url?.split('?')[0]}`);
  return route ? route(request, response) : answer(response, { message: 'Try /public or /orders.' }, 404);
});

server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : PORT;
  console.log(`http://127.0.0.1:${port} is ${AUDIENCE} and trusts ${ISSUER}`);
});
