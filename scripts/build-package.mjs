// Builds the server and its console for the published package: `node scripts/build-package.mjs [FOLDER]`; npm does so before it packs.
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { build as buildPages } from 'vite';
import { buildOptions } from './launch/build.mjs';

const packages = join(import.meta.dirname, '..', 'packages');
const folder = resolve(process.argv[2] ?? join(packages, 'server', 'dist'));
await build(buildOptions(join(packages, 'server', 'src'), folder));
await buildPages({
  root: join(packages, 'console'),
  logLevel: 'error',
  build: { outDir: join(folder, 'console'), emptyOutDir: true },
});
