import type { Tenant } from '../../model/tenant.ts';
import { type OAuthError, told } from '../error.ts';
import type { Answer } from './answer.ts';
import { echoedState } from './echoed-state.ts';
import type { ReplyTarget } from './reply-target.ts';

/** What leaves the authorization endpoint: a redirect, or a form that the browser posts (OAuth Form Post §2). */
export type AuthorizationReply =
  | Readonly<{ kind: 'redirect'; location: string }>
  | Readonly<{ kind: 'form_post'; action: string; parameters: Answer }>;

/** Builds the only redirects that carry answers; each needs a target, and so a checked client and redirect URI. */
export function reply(target: ReplyTarget, parameters: Answer): AuthorizationReply {
  switch (target.response_mode) {
    case 'form_post':
      return { kind: 'form_post', action: target.redirect_uri, parameters };
    case 'fragment':
      return { kind: 'redirect', location: `${target.redirect_uri}#${encode(parameters)}` };
    case 'query':
      return { kind: 'redirect', location: withQuery(target.redirect_uri, encode(parameters)) };
  }
}

/** An error in the same manner (RFC 6749 §4.1.2.1), with the issuer as in every answer (RFC 9207 §2). */
export function errorReply(
  target: ReplyTarget,
  { issuer, profile }: Tenant,
  refusal: OAuthError,
  reference: string,
): AuthorizationReply {
  const { error, error_description } = told(refusal, reference, profile);
  return reply(target, { error, error_description, ...echoedState(target, profile), iss: issuer });
}

/** A request object may hold half of a surrogate pair, which has no encoding; it goes back as U+FFFD. */
const encode = (parameters: Answer): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&');

/** Keeps a query that the registered URI already has (RFC 6749 §3.1.2). */
const withQuery = (uri: string, query: string): string => `${uri}${uri.includes('?') ? '&' : '?'}${query}`;
