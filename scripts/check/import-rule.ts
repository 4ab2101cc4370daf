import type { Finding, SourceFile } from './files.ts';
import { type Import, importCycles, importsOf } from './imports.ts';

const SERVER = 'packages/server/';
const SOURCE = `${SERVER}src/`;

type Layer = {
  name: string;
  /** Below packages/server/src: a file, `folder/`, or `start*`. The first layer that fits a file has it. */
  files: readonly string[];
  /** The layers it may import, besides itself. */
  imports: readonly string[];
  /** When set, the only packages it may import. */
  onlyPackages?: readonly string[];
  /** Packages it must not import, with what is built on them. */
  neverPackages?: readonly string[];
  /** Its types may be imported from anywhere. */
  hasPublicTypes?: boolean;
};

const DATABASES = ['node:sqlite', 'pg'];
const WEB_AND_DATABASES = [...DATABASES, 'hono', '@hono/node-server', 'node:http', 'node:https', 'node:tls'];

const GROUND = ['store verbs', 'model'];
const BELOW_APP = [
  'config',
  'api',
  'systems',
  'web',
  'admin',
  'oauth',
  'identity',
  'keys',
  'outbound',
  'store',
  'profiles',
  ...GROUND,
];

/** Who may import whom, from the top of the server to its ground. */
const LAYERS: readonly Layer[] = [
  { name: 'main', files: ['main.ts'], imports: ['cli', 'app', 'config'] },
  { name: 'cli', files: ['cli.ts', 'cli/'], imports: ['app', ...BELOW_APP] },
  { name: 'app', files: ['app.ts', 'app/', 'master-secret.ts'], imports: BELOW_APP },
  {
    name: 'config',
    files: ['config.ts', 'config/', 'settings*'],
    imports: ['admin', 'profiles', 'model'],
    neverPackages: DATABASES,
    hasPublicTypes: true,
  },
  // What the systems that Signet stands in for have beside OAuth, each in a folder of its own.
  {
    name: 'systems',
    files: ['systems/'],
    imports: ['web', 'admin', 'oauth', 'identity', 'model'],
    neverPackages: DATABASES,
  },
  // The interface for administrators.
  {
    name: 'api',
    files: ['api/'],
    imports: ['web', 'admin', 'oauth', 'identity', 'model'],
    neverPackages: DATABASES,
  },
  {
    name: 'web',
    files: ['web/'],
    imports: ['admin', 'oauth', 'identity', 'model'],
    neverPackages: DATABASES,
  },
  {
    name: 'admin',
    files: ['admin/'],
    imports: ['oauth', 'identity', 'keys', 'profiles', ...GROUND],
    neverPackages: WEB_AND_DATABASES,
  },
  { name: 'oauth', files: ['oauth/'], imports: ['keys', ...GROUND], neverPackages: WEB_AND_DATABASES },
  { name: 'identity', files: ['identity/'], imports: ['keys', ...GROUND], neverPackages: WEB_AND_DATABASES },
  // The record of what the work for a tenant is done with: web passes it on, and looks at no store or key in it.
  { name: 'provider', files: ['keys/provider.ts'], imports: ['keys', ...GROUND], hasPublicTypes: true },
  { name: 'keys', files: ['keys/'], imports: GROUND, neverPackages: WEB_AND_DATABASES },
  // Requests to other servers: made here, handed to the layers that need them by app.
  {
    name: 'outbound',
    files: ['outbound/'],
    imports: ['model'],
    neverPackages: DATABASES,
    hasPublicTypes: true,
  },
  {
    name: 'store verbs',
    files: [
      'store/store.ts',
      'store/admin-verbs.ts',
      'store/access-verbs.ts',
      'store/client-records.ts',
      'store/definition-verbs.ts',
      'store/group-verbs.ts',
      'store/guard-verbs.ts',
      'store/registration-verbs.ts',
    ],
    imports: ['model'],
    onlyPackages: [],
  },
  { name: 'store', files: ['store/'], imports: GROUND },
  { name: 'profiles', files: ['profiles/'], imports: ['model'], onlyPackages: [] },
  { name: 'model', files: ['model/'], imports: [], onlyPackages: ['node:crypto'] },
];

/** Every import that the table of layers forbids, every import of the server by another package, and every import cycle. */
export function findForbiddenImports(files: readonly SourceFile[]): Finding[] {
  const sources = files.filter(({ path }) => path.endsWith('.ts'));
  const inServer = sources.filter(({ path }) => path.startsWith(SOURCE));
  const outside = sources.filter(
    ({ path }) => /^(packages|examples)\//.test(path) && !path.startsWith(SERVER) && !isTest(path),
  );
  return [...inServer.flatMap(findInServer), ...outside.flatMap(findOfServer), ...findCycles(inServer)];
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/test/');
}

function layerOf(path: string): Layer | undefined {
  const below = path.slice(SOURCE.length);
  const fits = (pattern: string) =>
    pattern.endsWith('/') || pattern.endsWith('*')
      ? below.startsWith(pattern.replace('*', ''))
      : below === pattern;
  return path.startsWith(SOURCE) ? LAYERS.find((layer) => layer.files.some(fits)) : undefined;
}

function findInServer(file: SourceFile): Finding[] {
  const layer = layerOf(file.path);
  if (layer === undefined) {
    const message = 'belongs to no layer: give it a place in the table of scripts/check/import-rule.ts';
    return [{ path: file.path, line: 1, message }];
  }
  return importsOf(file).flatMap((found) => {
    const message = found.isRelative ? faultOfTarget(layer, found) : faultOfPackage(layer, found.target);
    return message === undefined ? [] : [{ path: file.path, line: found.line, message }];
  });
}

function faultOfTarget(layer: Layer, { target, isTypeOnly }: Import): string | undefined {
  if (target === `${SERVER}package.json`) return undefined;
  if (!target.startsWith(SOURCE)) return `imports ${target}, which is outside of the server's src`;
  const other = layerOf(target);
  if (other === undefined || other === layer || layer.imports.includes(other.name)) return undefined;
  if (isTypeOnly && other.hasPublicTypes === true) return undefined;
  const allowed = layer.imports.length === 0 ? 'nothing but itself' : layer.imports.join(', ');
  return `imports ${target.slice(SOURCE.length)}: ${layer.name} may import ${allowed}, not ${other.name}`;
}

function faultOfPackage(layer: Layer, specifier: string): string | undefined {
  const isOf = (name: string) => specifier === name || specifier.startsWith(`${name}/`);
  if (layer.onlyPackages !== undefined && !layer.onlyPackages.some(isOf)) {
    return `imports ${specifier}: of packages, ${layer.name} may import ${layer.onlyPackages.join(', ') || 'none'}`;
  }
  return layer.neverPackages?.some(isOf)
    ? `imports ${specifier}, which ${layer.name} must not know`
    : undefined;
}

function findOfServer(file: SourceFile): Finding[] {
  return importsOf(file)
    .filter(({ target }) => target.startsWith(SERVER) || /^signet(\/|$)/.test(target))
    .map(({ target, line }) => {
      return {
        path: file.path,
        line,
        message: `imports ${target}: only tests may import the server from outside`,
      };
    });
}

function findCycles(files: readonly SourceFile[]): Finding[] {
  return importCycles(files).map((cycle) => {
    const names = cycle.map((path) => path.slice(SOURCE.length));
    return { path: cycle[0] ?? '', line: 1, message: `imports itself in a circle: ${names.join(' → ')}` };
  });
}
