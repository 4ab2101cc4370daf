import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { atOnce } from '../driver/checker.ts';
import type { Violation } from '../driver/tally.ts';
import type { Bench, Experiment } from '../experiment.ts';
import { freePort } from '../kit/folders.ts';

type Config = Readonly<Record<string, unknown>>;
/** A mistake: what it changes in a good configuration, and what the refusal must name. */
type Mistake = Readonly<{
  name: string;
  change: Config | ((folder: string) => Config);
  names: RegExp;
  /** A warning at the start is enough: somebody may want it so. */
  mayServe?: true;
  text?: string;
}>;

/** E22: many mistakes in a configuration; each is refused before anything listens, with the option's name and a reason. */
export const configuration: Experiment = {
  id: 'E22',
  title: 'malformed configuration',
  databases: ['sqlite'],
  run: async (bench) => {
    const violations: Violation[] = [];
    let cases = 0;
    await atOnce(2, MISTAKES, async (mistake) => {
      cases += 1;
      const what = await tryMistake(bench, mistake, MISTAKES.indexOf(mistake));
      if (what !== undefined) violations.push({ invariant: 'I10', what: `${mistake.name}: ${what}` });
    });
    return {
      figure: `${cases} mistakes: ${cases - violations.length} refused (or warned of) by name and reason, ${violations.length} accepted or badly told`,
      violations,
    };
  },
};

const CLIENT = {
  client_id: 'app',
  client_secret: 'a-secret-of-forty-characters-for-faults-',
  redirect_uris: ['http://127.0.0.1/cb'],
};

const MISTAKES: readonly Mistake[] = [
  { name: 'no issuer', change: { issuer: undefined }, names: /issuer/ },
  { name: 'issuer is a number', change: { issuer: 7 }, names: /issuer/ },
  { name: 'issuer with a slash at the end', change: { issuer: 'https://id.example.com/' }, names: /issuer/ },
  { name: 'issuer with a query', change: { issuer: 'https://id.example.com?x=1' }, names: /issuer/ },
  { name: 'issuer over http', change: { issuer: 'http://id.example.com' }, names: /issuer/ },
  { name: 'issuer that is no address', change: { issuer: 'id.example.com' }, names: /issuer/ },
  { name: 'unknown key', change: { isuer: 'x' }, names: /isuer/ },
  { name: 'unknown key of a group', change: { listen: { prot: 80 } }, names: /prot/ },
  { name: 'port is a text', change: { listen: { port: 'eighty' } }, names: /port/ },
  { name: 'port too large', change: { listen: { port: 70_000 } }, names: /port/ },
  { name: 'host with a scheme', change: { listen: { host: 'http://localhost' } }, names: /host/ },
  {
    name: 'address that is not this machine',
    change: { listen: { host: '192.0.2.1' } },
    names: /192\.0\.2\.1|host/,
  },
  { name: 'empty master secret', change: { master_secret: '' }, names: /master_secret/ },
  { name: 'short master secret', change: { master_secret: 'short' }, names: /master_secret/ },
  {
    name: 'master secret in a file that is not there',
    change: { master_secret: undefined, master_secret_file: './none' },
    names: /master_secret_file|none/,
  },
  { name: 'database of an unknown kind', change: { database: 'mysql://x' }, names: /database/ },
  {
    name: 'database below a file',
    change: (folder) => fileAnd(folder, { database: `sqlite:${folder}/file/signet.db` }),
    names: /file/,
  },
  {
    name: 'unreachable PostgreSQL',
    change: { database: 'postgres://nobody@127.0.0.1:1/x' },
    names: /database|127\.0\.0\.1/i,
  },
  { name: 'no duration', change: { lifetimes: { access_token: 'soon' } }, names: /access_token/ },
  { name: 'duration of zero', change: { lifetimes: { access_token: '0s' } }, names: /access_token/ },
  { name: 'unknown lifetime', change: { lifetimes: { acces_token: '5m' } }, names: /acces_token/ },
  { name: 'unknown algorithm', change: { signing_algorithm: 'none' }, names: /signing_algorithm/ },
  { name: 'unknown profile', change: { profile: 'standart' }, names: /profile/ },
  { name: 'unknown log level', change: { log: { level: 'loud' } }, names: /level/ },
  {
    name: 'proxy that is no network',
    change: { trusted_proxies: ['10.0.0.0/99'] },
    names: /trusted_proxies/,
  },
  { name: 'certificate without a key', change: { tls: { cert_file: './cert.pem' } }, names: /key_file/ },
  {
    name: 'certificate that is not there',
    change: { tls: { cert_file: './none.pem', key_file: './none.pem' } },
    names: /none\.pem/,
  },
  { name: 'certificate that is none', change: (folder) => brokenTls(folder), names: /cert/ },
  { name: 'key in the place of a certificate', change: (folder) => keyAsCertificate(folder), names: /cert/ },
  { name: 'client twice', change: { clients: [CLIENT, CLIENT] }, names: /client/ },
  {
    name: 'client without an id',
    change: { clients: [{ ...CLIENT, client_id: undefined }] },
    names: /client_id/,
  },
  {
    name: 'client with a short secret',
    change: { clients: [{ ...CLIENT, client_secret: 'x' }] },
    names: /client_secret/,
    mayServe: true,
  },
  {
    name: 'client without a redirect',
    change: { clients: [{ ...CLIENT, redirect_uris: [] }] },
    names: /redirect_uris/,
  },
  {
    name: 'redirect with a fragment',
    change: { clients: [{ ...CLIENT, redirect_uris: ['https://a.example/#x'] }] },
    names: /redirect_uris/,
  },
  {
    name: 'redirect with a wildcard',
    change: { clients: [{ ...CLIENT, redirect_uris: ['https://*.example/cb'] }] },
    names: /redirect_uris/,
  },
  {
    name: 'unknown grant type',
    change: { clients: [{ ...CLIENT, grant_types: ['passwort'] }] },
    names: /grant_types/,
  },
  {
    name: 'unknown client key',
    change: { clients: [{ ...CLIENT, redirect_urls: [] }] },
    names: /redirect_urls/,
  },
  {
    name: 'private_key_jwt without keys',
    change: {
      clients: [
        {
          client_id: 'app',
          redirect_uris: ['http://127.0.0.1/cb'],
          token_endpoint_auth_method: 'private_key_jwt',
        },
      ],
    },
    names: /jwks/,
  },
  {
    name: 'user twice',
    change: {
      users: [
        { username: 'alice', password: 'wonderland' },
        { username: 'Alice', password: 'wonderland' },
      ],
    },
    names: /user/,
  },
  {
    name: 'user with an empty password',
    change: { users: [{ username: 'alice', password: '' }] },
    names: /password/,
  },
  {
    name: 'unknown password hash',
    change: { users: [{ username: 'alice', password_hash: 'md5:abc' }] },
    names: /password_hash/,
  },
  { name: 'clients is no list', change: { clients: 'app' }, names: /clients/ },
  { name: 'no YAML', change: {}, names: /line|YAML/i, text: 'issuer: [unclosed\n  x: {' },
  {
    name: 'a key twice',
    change: {},
    names: /issuer|twice|unique/i,
    text: 'issuer: http://localhost:1\nissuer: http://localhost:2\n',
  },
  { name: 'a list at the top', change: {}, names: /signet\.yaml/, text: '- issuer\n' },
  { name: 'overload of nobody', change: { overload: { most_in_flight: 0 } }, names: /most_in_flight/ },
];

function fileAnd(folder: string, config: Config): Config {
  writeFileSync(join(folder, 'file'), 'a file\n');
  return config;
}

function brokenTls(folder: string): Config {
  writeFileSync(join(folder, 'cert.pem'), 'not a certificate\n');
  return { tls: { cert_file: './cert.pem', key_file: './cert.pem' } };
}

function keyAsCertificate(folder: string): Config {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'cert.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return { tls: { cert_file: './cert.pem', key_file: './cert.pem' } };
}

/** What is wrong with the refusal, or undefined. */
async function tryMistake(bench: Bench, mistake: Mistake, index: number): Promise<string | undefined> {
  const folder = join(bench.folder, `mistake-${index}`);
  mkdirSync(folder);
  const port = await freePort();
  const change = typeof mistake.change === 'function' ? mistake.change(folder) : mistake.change;
  const good = {
    issuer: `http://localhost:${port}`,
    database: `sqlite:${folder}/signet.db`,
    master_secret: 'the master secret of every node of the faults',
    clients: [CLIENT],
  };
  const text = mistake.text ?? JSON.stringify({ ...good, ...change });
  writeFileSync(join(folder, 'signet.yaml'), text);
  const { code, said, listened } = await serve(bench, folder, port);
  const isWarned = mistake.mayServe === true && /^Warning: /m.test(said) && mistake.names.test(said);
  if (listened) return isWarned ? undefined : 'it listened';
  if (code === null) return 'it neither listened nor ended';
  if (code === 0) return 'it ended with 0';
  if (/^\s+at .*:\d+:\d+/m.test(said)) return `it ended with a stack: ${said.trim().slice(0, 160)}`;
  return mistake.names.test(said) ? undefined : `its refusal names nothing: ${said.trim().slice(0, 160)}`;
}

type Served = Readonly<{ code: number | null; said: string; listened: boolean }>;

/** Starts the server and waits until it ends or listens. */
function serve(bench: Bench, folder: string, port: number): Promise<Served> {
  const main = join(bench.program, 'src/main.ts');
  const child = spawn(process.execPath, [main, 'serve', '--config', 'signet.yaml'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return new Promise((resolve) => {
    let listened = false;
    const look = setInterval(() => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('connect', () => {
        socket.destroy();
        listened = true;
        // What is doubtful is told after that.
        setTimeout(() => child.kill('SIGKILL'), 500);
      });
    }, 30);
    const limit = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.on('close', (code) => {
      clearInterval(look);
      clearTimeout(limit);
      resolve({ code, said, listened });
    });
  });
}
