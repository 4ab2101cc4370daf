import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where a build may lie: beside the packaged program, or in the console's own package, seen from sources and builds alike. */
const PACKAGED = join(import.meta.dirname, 'console');
const BUILDS = join(import.meta.dirname, '..', '..', '..', 'console', 'dist');

/** Builds bear the digest of their sources; what is still being written has a longer name. */
const FINISHED = /^[0-9a-f]{16}$/;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** One file in the forms in which it can be sent. */
export type ConsoleFile = Readonly<{
  type: string;
  plain: Uint8Array<ArrayBuffer>;
  compressed: ReadonlyMap<'br' | 'gzip', Uint8Array<ArrayBuffer>>;
}>;

export type ConsoleBuild = Readonly<{ page: string; files: ReadonlyMap<string, ConsoleFile> }>;

/** The newest build of the console, read as a whole; undefined where there is none. */
export function readConsole(): ConsoleBuild | undefined {
  const folder = existsSync(join(PACKAGED, 'index.html')) ? PACKAGED : newestBuild();
  if (folder === undefined) return undefined;
  const assets = join(folder, 'assets');
  const names = readdirSync(assets);
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(assets, name)));
  const files = names.flatMap((name): [string, ConsoleFile][] => {
    const type = TYPES[name.split('.').at(-1) ?? ''];
    if (type === undefined) return [];
    const compressed = new Map<'br' | 'gzip', Uint8Array<ArrayBuffer>>();
    if (names.includes(`${name}.br`)) compressed.set('br', read(`${name}.br`));
    if (names.includes(`${name}.gz`)) compressed.set('gzip', read(`${name}.gz`));
    return [[name, { type, plain: read(name), compressed }]];
  });
  return { page: readFileSync(join(folder, 'index.html'), 'utf8'), files: new Map(files) };
}

function newestBuild(): string | undefined {
  if (!existsSync(BUILDS)) return undefined;
  const finished = readdirSync(BUILDS)
    .filter((name) => FINISHED.test(name) && existsSync(join(BUILDS, name, 'index.html')))
    .map((name) => ({ path: join(BUILDS, name), time: statSync(join(BUILDS, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  return finished[0]?.path;
}
