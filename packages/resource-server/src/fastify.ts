import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessRefused, type ResourceServer } from './index.ts';
import { parseRequirements, type Requirements } from './requirements.ts';
import type { VerifiedToken } from './verified-token.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The checked access token; `tokenOf(request)` gives it without the undefined. */
    auth?: VerifiedToken;
  }
}

/** A Fastify hook for `onRequest` or `preHandler`: puts the checked token on `request.auth`, or answers the refusal. */
export function fastifyGuard(
  api: ResourceServer,
  requirements: Requirements = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  parseRequirements(requirements);
  return async (request, reply) => {
    const { headers, body, raw } = request;
    try {
      request.auth = await api.verify(
        { headers, rawHeaders: raw.rawHeaders, url: raw.url, body },
        requirements,
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof AccessRefused)) throw error;
      return reply.code(error.status).headers(error.headers).send(error.body);
    }
  };
}
