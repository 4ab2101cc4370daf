import { AccessRefused, resourceServer } from '@signet/resource-server';

const { ISSUER = 'https://id.example.com' } = process.env;
const api = resourceServer({ issuer: ISSUER, audience: 'https://api.example.com' });

export async function pay(request: Request): Promise<Response> {
  try {
    const token = await api.verify(request, { scope: 'payments', maxAge: 300, acr: ['mfa', 'hwk'] });
    return Response.json({ paidBy: token.sub, through: token.client_id });
  } catch (error) {
    if (!(error instanceof AccessRefused)) throw error;
    return Response.json(error.body, { status: error.status, headers: error.headers });
  }
}
