import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of this run, a certificate of it for localhost, and a folder of trust that has it beside all others. */
export type Certificates = Readonly<{ ca: string; cert: string; key: string; trusted: string }>;

export function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-subj', '/CN=Signet interop', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...key.slice(0, 3), '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(join(folder, 'server.ext'), 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n');
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
  openssl('x509', '-req', '-in', 'server.csr', ...signing, '-extfile', 'server.ext', '-out', 'server.pem');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const trusted = join(folder, 'trusted');
  mkdirSync(trusted);
  cpSync('/etc/ssl/certs', trusted, { recursive: true, dereference: true });
  // OpenSSL looks an authority up by the hash of its name.
  const hash = openssl('x509', '-hash', '-noout', '-in', 'ca.pem').trim();
  writeFileSync(join(trusted, `${hash}.0`), read('ca.pem'));
  const bundle = join(trusted, 'ca-certificates.crt');
  writeFileSync(bundle, `${readFileSync(bundle, 'utf8')}\n${read('ca.pem')}`);
  return { ca: read('ca.pem'), cert: read('server.pem'), key: read('server.key'), trusted };
}
