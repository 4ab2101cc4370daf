import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import type { Provider } from '../keys/provider.ts';
import { ASYMMETRIC_ALGORITHMS, isOfType, keysBehind } from './client-assertion.ts';

const CLOCK_TOLERANCE = 10;

/** What a statement asserts, or why it is not believed: it is none, or of somebody who is not trusted (RFC 7591 §3.2.2). */
export type Statement =
  | Readonly<{ kind: 'verified'; claims: JWTPayload }>
  | Readonly<{ kind: 'invalid' | 'unapproved' }>;

/** Verifies a software statement by the keys of the issuer that it names (RFC 7591 §2.3). */
export async function verifySoftwareStatement(provider: Provider, jwt: string): Promise<Statement> {
  const iss = issuerIn(jwt);
  if (iss === undefined) return { kind: 'invalid' };
  const issuer = provider.tenant.registration.software_statement.issuers.find((one) => one.issuer === iss);
  if (issuer === undefined) return { kind: 'unapproved' };
  try {
    const { payload } = await jwtVerify(jwt, keysBehind(provider, issuer), {
      algorithms: ASYMMETRIC_ALGORITHMS,
      issuer: iss,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(provider.clock()),
    });
    return { kind: 'verified', claims: payload };
  } catch (fault) {
    provider.warn(fault, 'A software statement was not verified.');
    return { kind: 'invalid' };
  }
}

/** Who says that it signed; undefined when it is no JWT, or one of another type. */
function issuerIn(jwt: string): string | undefined {
  try {
    return isOfType(jwt, 'software-statement+jwt') ? decodeJwt(jwt).iss : undefined;
  } catch {
    return undefined;
  }
}
