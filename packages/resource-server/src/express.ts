import type { NodeRequest } from './bearer.ts';
import { AccessRefused, type ResourceServer } from './index.ts';
import { parseRequirements, type Requirements } from './requirements.ts';
import type { VerifiedToken } from './verified-token.ts';

declare global {
  namespace Express {
    interface Request {
      /** The checked access token; `tokenOf(request)` gives it without the undefined. */
      auth?: VerifiedToken;
    }
  }
}

type Request = NodeRequest & { auth?: VerifiedToken };
type Response = {
  status: (status: number) => Response;
  set: (headers: Record<string, string>) => Response;
  json: (body: unknown) => unknown;
};

/** Express middleware: puts the checked token on `req.auth`, or answers the refusal. */
export function expressGuard(
  api: ResourceServer,
  requirements: Requirements = {},
): (request: Request, response: Response, next: (error?: unknown) => void) => Promise<void> {
  parseRequirements(requirements);
  return async (request, response, next) => {
    try {
      request.auth = await api.verify(request, requirements);
    } catch (error) {
      if (!(error instanceof AccessRefused)) return next(error);
      response.status(error.status).set(error.headers).json(error.body);
      return;
    }
    next();
  };
}
