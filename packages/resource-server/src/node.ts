import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AccessRefused, type ResourceServer } from './index.ts';
import { parseRequirements, type Requirements } from './requirements.ts';
import type { VerifiedToken } from './verified-token.ts';

/** A listener of node:http that is only called with a checked access token. */
export type GuardedListener = (
  request: IncomingMessage,
  response: ServerResponse,
  token: VerifiedToken,
) => unknown;

/**
 * Puts a check before a listener of node:http. A rejection of the listener is left unhandled, as node:http leaves that
 * of any async listener.
 */
export function nodeGuard(
  api: ResourceServer,
  requirements: Requirements,
  listener: GuardedListener,
): RequestListener {
  parseRequirements(requirements);
  const guarded = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let token: VerifiedToken;
    try {
      token = await api.verify(request, requirements);
    } catch (error) {
      if (!(error instanceof AccessRefused)) throw error;
      return answerRefusal(response, error);
    }
    await listener(request, response, token);
  };
  return (request, response) => void guarded(request, response);
}

/** Writes a refusal as the response: status, challenge and JSON body. */
export function answerRefusal(response: ServerResponse, refused: AccessRefused): void {
  response.writeHead(refused.status, { ...refused.headers, 'Content-Type': 'application/json' });
  response.end(JSON.stringify(refused.body));
}
