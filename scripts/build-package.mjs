// Builds the server for the published package: `node scripts/build-package.mjs [FOLDER]`; npm does so before it packs.
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildOptions } from './launch/build.mjs';

const server = join(import.meta.dirname, '..', 'packages', 'server');
await build(buildOptions(join(server, 'src'), resolve(process.argv[2] ?? join(server, 'dist'))));
