import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { advice, type Finding, faulty, well } from '../admin/doctor.ts';
import type { Config } from '../config/load.ts';
import { systemClock } from '../model/clock.ts';
import type { RemoteTls } from './doctor-fetch.ts';
import { reasonOf } from './input.ts';

const DAY = 86_400_000;

/** Days before its end at which a certificate should have been renewed. */
const SOON = 21;

/** The certificate that the address of the issuer shows. */
export function remoteCertificateFindings(issuer: string, tls: RemoteTls | undefined): readonly Finding[] {
  if (tls === undefined) return [];
  const findings = [ageOf(`The certificate at ${issuer}`, tls.valid_to)];
  if (tls.refused !== undefined && tls.refused !== 'CERT_HAS_EXPIRED') {
    findings.push(
      faulty(
        'tls',
        `Programs that check refuse the certificate at ${issuer}: ${meaningOf(tls.refused)}.`,
        'Serve the certificate for that name with all certificates between it and the authority.',
      ),
    );
  }
  if (tls.protocol === 'TLSv1' || tls.protocol === 'TLSv1.1') {
    findings.push(advice('tls', `${issuer} speaks ${tls.protocol}.`, 'Allow TLS 1.2 and newer alone.'));
  }
  return findings;
}

const MEANINGS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not among those that are trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'a certificate between it and its authority is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not among those that are trusted here',
};

const meaningOf = (code: string): string =>
  /ERR_TLS_CERT_ALTNAME_INVALID|altnames/i.test(code) ? 'it is for another name' : (MEANINGS[code] ?? code);

/** The certificate and key of the server's own TLS. */
export function certificateFindings({ tls, tenants }: Config): readonly Finding[] {
  if (tls === undefined) return [];
  try {
    const certificate = new X509Certificate(readFileSync(tls.cert_file));
    const key = createPrivateKey(readFileSync(tls.key_file));
    const findings = [ageOf(`The certificate ${tls.cert_file}`, certificate.validTo)];
    if (!certificate.checkPrivateKey(key))
      findings.push(
        faulty(
          'tls',
          `${tls.key_file} is not the key of ${tls.cert_file}.`,
          'Name the two that belong together.',
        ),
      );
    for (const { issuer } of tenants) {
      const { hostname } = new URL(issuer);
      const name = hostname.replace(/^\[|\]$/g, '');
      if ((isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) === undefined)
        findings.push(
          faulty(
            'tls',
            `${tls.cert_file} is not for ${name}, the host of ${issuer}.`,
            'Have one made for it.',
          ),
        );
    }
    return findings;
  } catch (fault) {
    const why = fault instanceof Error && 'path' in fault ? reasonOf(fault) : String(fault);
    return [
      faulty(
        'tls',
        `The certificate or its key cannot be used: ${why}.`,
        'See tls.cert_file and tls.key_file.',
      ),
    ];
  }
}

function ageOf(what: string, validTo: string): Finding {
  const left = (Date.parse(validTo) - systemClock()) / DAY;
  if (Number.isNaN(left))
    return faulty('tls', `${what} has no end that can be read.`, 'Have another one made.');
  const day = validTo.replace(/\d+:\d+:\d+ /, '');
  if (left < 0) return faulty('tls', `${what} is over since ${day}.`, 'Renew it now.');
  if (left < SOON) {
    return advice(
      'tls',
      `${what} ends in ${Math.floor(left)} days, on ${day}.`,
      'Renew it, and see why that was not done by itself.',
    );
  }
  return well('tls', `${what} is good until ${day}.`);
}
