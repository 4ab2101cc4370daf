import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { advice, type Finding, faulty } from '../admin/doctor.ts';
import { isLoopbackHost, portOf } from '../config/issuer.ts';
import type { Config } from '../config/load.ts';
import { privacyFindings } from './doctor-database.ts';

/** What is doubtful in the settings of the whole server, and in how the configuration is kept. */
export function serverFindings(
  config: Config,
  warnings: readonly string[],
  file: string | undefined,
): readonly Finding[] {
  return [
    ...warnings.map((message) => advice('settings', message, 'See docs/configuration.md.')),
    ...proxyFindings(config),
    ...wideFindings(config),
    ...listenerFindings(config),
    ...(file !== undefined && hasSecrets(file) ? privacyFindings('settings', [file]) : []),
  ];
}

/** A secret that stands in the file itself. */
const SECRET_LINE =
  /^\s*-?\s*(client_secret|password|master_secret|smtp)\s*:|postgres(ql)?:\/\/[^:@\s]+:[^@\s]+@/m;

const hasSecrets = (file: string): boolean => SECRET_LINE.test(readFileSync(file, 'utf8'));

/** Behind a proxy that is not named, everybody comes from one address. */
function proxyFindings({ tenants, tls, listen, trusted_proxies }: Config): readonly Finding[] {
  const behind = tenants.filter(({ issuer }) => {
    const url = new URL(issuer);
    return (
      !isLoopbackHost(url.hostname) &&
      tls === undefined &&
      (url.protocol === 'https:' || portOf(url) !== listen.port)
    );
  });
  if (behind.length === 0 || trusted_proxies.length > 0) return [];
  return [
    advice(
      'proxy',
      `Something stands in front of ${behind[0]?.issuer}, and trusted_proxies names nobody: all people seem to come from its one address, and share one wait after wrong passwords.`,
      'Set trusted_proxies to the network of the proxy, and have it send X-Forwarded-For.',
    ),
  ];
}

/** Bits of a network that no proxy needs more of. */
const WIDEST = { 4: 8, 6: 32 } as const;

function wideFindings({ trusted_proxies }: Config): readonly Finding[] {
  return trusted_proxies.flatMap((network) => {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 6 : 4;
    if (bits === undefined || Number(bits) >= WIDEST[family]) return [];
    const message = `trusted_proxies takes the word of all of ${network}: whoever is in it names any address as his own, and so evades every wait and limit.`;
    return [faulty('proxy', message, 'Name the addresses of the proxies alone.')];
  });
}

function listenerFindings({
  tenants,
  tls,
  listen,
  management,
  allow_insecure_issuer,
}: Config): readonly Finding[] {
  const isPublic = (host: string): boolean => !isLoopbackHost(host === '::1' ? '[::1]' : host);
  const plain = tls === undefined && isPublic(listen.host);
  const secure = tenants.some(({ issuer }) => issuer.startsWith('https:'));
  return [
    ...(plain && secure
      ? [
          advice(
            'proxy',
            `The server listens without TLS on ${listen.host}: whoever reaches port ${listen.port} past the proxy sends passwords in the open.`,
            'Listen on 127.0.0.1 where the proxy is on this machine, else let a firewall admit the proxy alone.',
          ),
        ]
      : []),
    ...(management.port !== undefined && isPublic(management.host)
      ? [
          advice(
            'settings',
            `The management listener is open on ${management.host}: whoever reaches it reads how much is going on.`,
            'Set management.host to 127.0.0.1 or to an address of the operators’ network.',
          ),
        ]
      : []),
    ...(allow_insecure_issuer && tenants.every(({ issuer }) => issuer.startsWith('https:'))
      ? [advice('settings', 'allow_insecure_issuer is set and needed by nobody.', 'Take it away.')]
      : []),
  ];
}
