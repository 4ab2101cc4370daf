import { advice, type Finding, faulty, well } from '../admin/doctor.ts';
import { isRecord } from '../admin/fault.ts';
import { isLoopbackHost } from '../config/issuer.ts';
import type { TenantConfig } from '../config/tenant.ts';
import { systemClock } from '../model/clock.ts';
import { type Fetched, fetchAsStranger } from './doctor-fetch.ts';
import { remoteCertificateFindings } from './doctor-tls.ts';

/** Asks the issuer at its own address, as an application does. `kids` are the keys of the database, when that could be read. */
export async function issuerFindings(
  { issuer }: TenantConfig,
  kids: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  const address = `${issuer}/.well-known/openid-configuration`;
  const fetched = await fetchAsStranger(address);
  if ('fault' in fetched) {
    const remedy =
      'Start the server, and see that the name leads here: DNS, the proxy, the firewall. Applications ask at this very address.';
    return [faulty('issuer', `${address} cannot be reached from here: ${fetched.fault}.`, remedy)];
  }
  const document = fetched.status === 200 ? parsed(fetched.body) : undefined;
  return [
    ...(document === undefined ? [wrongAnswer(address, fetched)] : documentFindings(issuer, document)),
    ...(document === undefined ? [] : await keySetFindings(document, kids)),
    ...clockFindings(fetched),
    ...proxyFindings(issuer, fetched),
    ...remoteCertificateFindings(issuer, fetched.tls),
  ];
}

type Members = Readonly<Record<string, unknown>>;

function parsed(body: string): Members | undefined {
  try {
    const document: unknown = JSON.parse(body);
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

const wrongAnswer = (address: string, { status }: Fetched): Finding =>
  faulty(
    'issuer',
    `${address} answers with ${status} and no metadata.`,
    'Have the proxy pass the path on unchanged, with the Host of the issuer.',
  );

function documentFindings(issuer: string, document: Members): readonly Finding[] {
  if (document['issuer'] !== issuer) {
    const message = `At ${issuer} answers a provider that calls itself ${JSON.stringify(document['issuer'])}: applications refuse that (OIDC Discovery §4.3).`;
    return [faulty('issuer', message, 'Set issuer to the address that applications use, letter by letter.')];
  }
  const { origin } = new URL(issuer);
  const strange = Object.entries(document).filter(
    ([name, value]) =>
      /_(endpoint|uri)$/.test(name) && typeof value === 'string' && !value.startsWith(`${origin}/`),
  );
  if (strange.length > 0) {
    const [name = '', value] = strange[0] ?? [];
    return [
      faulty(
        'issuer',
        `The metadata of ${issuer} names another place: ${name} is ${String(value)}.`,
        'See which server answers there.',
      ),
    ];
  }
  return [well('issuer', `${issuer} answers at its own address, by this very name.`)];
}

/** Whether the server that answers there works on this database. */
async function keySetFindings(
  { jwks_uri }: Members,
  kids: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  if (typeof jwks_uri !== 'string' || !/^https?:/.test(jwks_uri) || !URL.canParse(jwks_uri)) return [];
  if (kids === undefined || kids.length === 0) return [];
  const fetched = await fetchAsStranger(jwks_uri);
  const keys = 'fault' in fetched ? undefined : parsed(fetched.body)?.['keys'];
  if (!Array.isArray(keys))
    return [faulty('keys', `${jwks_uri} answers with no key set.`, 'Have the proxy pass it on unchanged.')];
  const published = keys.map((key: unknown) => (isRecord(key) ? key['kid'] : undefined));
  return kids.some((kid) => published.includes(kid))
    ? []
    : [
        faulty(
          'keys',
          `${jwks_uri} publishes none of the keys in the configured database: another server answers there, or one with another database.`,
          'Have the server and this command use the same configuration.',
        ),
      ];
}

/** Seconds. Applications allow for little, and Date is told in whole ones. */
const SMALL = 5;
const LARGE = 60;

function clockFindings({ date }: Fetched): readonly Finding[] {
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) return [];
  const off = Math.round(Math.abs(systemClock() - told) / 1000);
  if (off <= SMALL) return [well('clock', 'The clock here and that of the answer agree.')];
  const say = off > LARGE ? faulty : advice;
  return [
    say(
      'clock',
      `The clock here and that of the answer differ by ${off} seconds: fresh tokens seem not yet good, or over.`,
      'Set the clocks of all machines by NTP.',
    ),
  ];
}

function proxyFindings(issuer: string, { headers, forged }: Fetched): readonly Finding[] {
  const { protocol, hostname } = new URL(issuer);
  const findings: Finding[] = [];
  if (forged) {
    findings.push(
      faulty(
        'proxy',
        'A forged X-Forwarded-Host comes back in the answer: something in front builds addresses from it.',
        'Have the proxy drop that header; Signet heeds none of them.',
      ),
    );
  }
  if (headers['age'] !== undefined && headers['age'] !== '0') {
    findings.push(
      advice(
        'proxy',
        'Something in front answers from a cache of its own.',
        'Let it heed Cache-Control, and keep no answer that says no-store.',
      ),
    );
  }
  if (
    protocol === 'https:' &&
    !isLoopbackHost(hostname) &&
    headers['strict-transport-security'] === undefined
  ) {
    findings.push(
      advice(
        'proxy',
        'The answer has no Strict-Transport-Security: a first visit over http can be led elsewhere.',
        'Have the proxy pass it on, or send it itself.',
      ),
    );
  }
  return findings;
}
